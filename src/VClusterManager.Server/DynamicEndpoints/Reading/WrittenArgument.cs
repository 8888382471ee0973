using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>An argument, and where it was written.</summary>
internal sealed record WrittenArgument(PlannedArgument Planned, string Key, Origin At)
{
    public TextTemplate Template => Planned.Template;

    /// <summary>It may be read as a flag.</summary>
    public bool IsFlag => !Planned.IsBehindDashes && Template.Head.StartsWith('-') && Template.Written != "-";

    /// <summary>The <c>--</c> that ends the flags.</summary>
    public bool IsDashes => !Planned.IsBehindDashes && Template.Written == "--";

    /// <summary>A value of the caller's stands where a word that is no flag is expected.</summary>
    public bool IsOpenWord => !Planned.IsBehindDashes && Template.Head.Length == 0 && !Template.IsLiteral;

    /// <summary>
    /// The name of the flag which may take the next argument for its value, whatever that looks like;
    /// <see langword="null"/>: none does.
    /// </summary>
    public string? TakesNext =>
        !IsFlag || IsDashes || !Template.IsLiteral || Template.Written.Contains('=', StringComparison.Ordinal) ? null
        : NameOfLong is { } name ? name
        // Of several short flags in one word it is the last.
        : Template.Written[^1..];

    /// <summary>The name of a long flag in the one form of it; <see langword="null"/>: it is none.</summary>
    public string? NameOfLong =>
        IsFlag && !IsDashes && Template.Head.StartsWith("--", StringComparison.Ordinal)
            // kubectl takes '_' for '-' in the names of its flags.
            ? Template.Head[2..].Split('=')[0].Replace('_', '-')
            : null;
}

/// <summary>The arguments of an endpoint in their order, of which some need not be there.</summary>
internal sealed class WrittenArguments(IReadOnlyList<WrittenArgument> all, Func<string, ParameterDefinition?> parameter)
{
    public IReadOnlyList<WrittenArgument> All { get; } = all;

    /// <summary>The flags of which one may stand right before this argument and take it for its value.</summary>
    public IEnumerable<WrittenArgument> MayTake(WrittenArgument argument)
    {
        List<string> absent = [];
        for (var i = IndexOf(argument) - 1; i >= 0; i--)
        {
            var before = All[i];
            var owner = before.Planned.OnlyWith;
            if (owner is not null && absent.Contains(owner))
            {
                continue;
            }

            if (before.TakesNext is not null)
            {
                yield return before;
            }

            if (HoldsList(before))
            {
                continue;
            }

            if (owner is null || owner == argument.Planned.OnlyWith)
            {
                yield break;
            }

            // Without it the others of its parameter are not there either.
            absent.Add(owner);
        }
    }

    /// <summary>
    /// The same, but for those that come by themselves with a parameter of type boolean: whoever writes that says of the
    /// flag that it takes no value.
    /// </summary>
    public WrittenArgument? Taker(WrittenArgument argument) =>
        MayTake(argument).FirstOrDefault(flag => !flag.Planned.OnlyWhenTrue);

    private int IndexOf(WrittenArgument argument) => All.Index().First(a => ReferenceEquals(a.Item, argument)).Index;

    /// <summary>A list may have no entries, and then makes no argument.</summary>
    private bool HoldsList(WrittenArgument argument) =>
        argument.Template.Parameters.Any(name => parameter(name) is { IsList: true });
}
