using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>
/// Reads the arguments of an endpoint and of its parameters into the one list that they are put together from. Those of a
/// parameter come behind the endpoint's own, and before its <c>--</c>, in the order of the parameters.
/// </summary>
internal sealed class ArgumentReader(IReadOnlyList<WrittenParameter> parameters, ErrorList errors)
{
    private const int Most = 200;
    private const string Dashes = "--";

    public IReadOnlyList<WrittenArgument> Read(Fields endpoint)
    {
        var own = endpoint.Words("args") ?? [];
        var dashes = own.TakeWhile(w => w.Text != Dashes).Count();
        List<WrittenArgument> all =
        [
            .. own.Take(dashes).Select(w => Read(w, owner: null, isBehind: false)).OfType<WrittenArgument>(),
            .. parameters.SelectMany(OfParameter),
            .. own.Skip(dashes)
                .Select((w, index) => Read(w, owner: null, isBehind: index > 0))
                .OfType<WrittenArgument>(),
        ];
        if (all.Count > Most)
        {
            endpoint.Fail("args", $"are more than {Most}");
        }

        return all;
    }

    private IEnumerable<WrittenArgument> OfParameter(WrittenParameter parameter)
    {
        var definition = parameter.Definition;
        // An "on" that does not stand in its arguments would add them for "off", too.
        var isSwitch =
            definition.Type == ParameterType.Boolean
            && !parameter.Arguments.Any(a => a.Text.Contains($"{{{definition.Name}}}", StringComparison.Ordinal));
        foreach (var word in parameter.Arguments)
        {
            if (word.Text == Dashes)
            {
                errors.Add(word.At, word.Key, "'--' belongs to the arguments of the endpoint itself");
            }
            else if (Read(word, definition, isBehind: false) is { } argument)
            {
                yield return argument with
                {
                    Planned = argument.Planned with { OnlyWhenTrue = isSwitch },
                };
            }
        }
    }

    private WrittenArgument? Read((string Text, string Key, Origin At) word, ParameterDefinition? owner, bool isBehind)
    {
        if (TextTemplate.Parse(word.Text, out var problem) is not { } template)
        {
            errors.Add(word.At, word.Key, problem);
            return null;
        }

        if (word.Text.Length == 0 || word.Text.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(word.At, word.Key, "must not be empty, and not hold the character NUL");
            return null;
        }

        var used = template.Parameters.Select(n => parameters.FirstOrDefault(p => p.Definition.Name == n)).ToList();
        foreach (var (name, parameter) in template.Parameters.Zip(used))
        {
            if (parameter is null)
            {
                errors.Add(word.At, word.Key, $"there is no parameter {name}");
            }
            else if (!parameter.Definition.IsAlwaysThere && name != owner?.Name)
            {
                errors.Add(
                    word.At,
                    word.Key,
                    $"{name} may be missing: give it a default, or put this into the args of {name}"
                );
            }
        }

        if (used.Count(p => p is { Definition.IsList: true }) > 1)
        {
            errors.Add(word.At, word.Key, "only one list can be put into an argument");
        }

        return used.Contains(null)
            ? null
            : new WrittenArgument(
                new PlannedArgument(template, owner?.Name, OnlyWhenTrue: false, isBehind),
                word.Key,
                word.At
            );
    }
}
