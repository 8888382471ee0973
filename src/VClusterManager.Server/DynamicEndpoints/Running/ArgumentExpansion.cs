using System.Text;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>The values of a call: one for each parameter that is there, several for a list.</summary>
internal sealed class ParameterValues(IReadOnlyDictionary<string, IReadOnlyList<string>> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>None where it is not there.</summary>
    public IReadOnlyList<string> Of(string name) => values.GetValueOrDefault(name) ?? [];

    /// <summary>Of one that is no list; <see langword="null"/>: it is not there.</summary>
    public string? One(string name) => values.TryGetValue(name, out var all) ? all[0] : null;
}

/// <summary>What a command is started with.</summary>
/// <param name="Input">Its standard input; <see langword="null"/>: none.</param>
internal sealed record CommandLine(IReadOnlyList<string> Arguments, string? Input);

/// <summary>
/// Makes the list of arguments. Each value lands whole in the one place that its template has for it, or the call is
/// refused: nothing is quoted, split or looked at again. This holds for any values, whatever the types of the parameters
/// have let through. Pure.
/// </summary>
internal static class ArgumentExpansion
{
    /// <summary>What Linux takes for one argument (MAX_ARG_STRLEN), without the zero at its end.</summary>
    public const int MaxArgumentBytes = 131_071;

    /// <summary>Of all together; Linux takes two, and the environment is in that.</summary>
    public const int MaxTotalBytes = 1024 * 1024;

    /// <param name="body">The request's body, where it goes to the tool as it is.</param>
    public static Outcome<CommandLine> Expand(EndpointDefinition endpoint, ParameterValues values, string? body = null)
    {
        List<string> arguments = new(endpoint.Arguments.Count);
        var total = 0;
        foreach (var planned in endpoint.Arguments)
        {
            if (!IsThere(planned, values))
            {
                continue;
            }

            foreach (var text in Fill(endpoint, planned.Template, values))
            {
                if (WrongWith(text, planned, out var bytes) is { } wrong)
                {
                    return Refusal(planned.Template, wrong);
                }

                total += bytes + 1;
                if (total > MaxTotalBytes)
                {
                    return Refusal(planned.Template, "makes the command longer than a command may be");
                }

                arguments.Add(text);
            }
        }

        var input = endpoint.StdinIsBody ? body : endpoint.Stdin?.Fill(name => string.Join('\n', values.Of(name)));
        return input is not null && !IsWellFormed(input)
            ? Refusal(endpoint.Stdin, "is not text: half of a surrogate pair")
            : new CommandLine(arguments, input);
    }

    private static bool IsThere(PlannedArgument planned, ParameterValues values) =>
        planned.OnlyWith is not { } name || (planned.OnlyWhenTrue ? values.One(name) == "true" : values.Has(name));

    /// <summary>One text; where a list is put into it, one for each of its values.</summary>
    private static IEnumerable<string> Fill(EndpointDefinition endpoint, TextTemplate template, ParameterValues values)
    {
        var list = template.Parameters.FirstOrDefault(name => endpoint.Parameter(name) is { IsList: true });
        return list is null
            ? [template.Fill(name => values.One(name) ?? "")]
            : values.Of(list).Select(one => template.Fill(name => name == list ? one : values.One(name) ?? ""));
    }

    private static string? WrongWith(string text, PlannedArgument planned, out int bytes)
    {
        bytes = 0;
        if (text.Length == 0)
        {
            return "must not be empty";
        }

        if (text[0] == '-' && planned.Template.Head.Length == 0 && !planned.IsBehindDashes)
        {
            return "must not begin with '-'";
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return "must not hold the character NUL";
        }

        if (!IsWellFormed(text))
        {
            return "is not text: half of a surrogate pair";
        }

        bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > MaxArgumentBytes ? "is longer than an argument may be (128 KiB)" : null;
    }

    /// <summary>Every surrogate has its other half: else it has no form in UTF-8, and another value would arrive.</summary>
    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }

    private static Problem Refusal(TextTemplate? template, string wrong) =>
        ProblemResults.Invalid(template is { Parameters: [var name, ..] } ? name : "body", wrong);
}
