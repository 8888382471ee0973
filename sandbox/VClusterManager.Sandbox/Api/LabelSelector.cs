using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api;

/// <summary>A label selector as it stands in a query: <c>app=web,tier in (a,b),!canary</c>.</summary>
internal sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public bool IsEverything => _requirements.Count == 0;

    public bool Matches(JsonObject? labels) => _requirements.All(requirement => requirement.Matches(labels));

    /// <summary>The selector of a workload: <c>matchLabels</c> and <c>matchExpressions</c>. Null selects nothing.</summary>
    public static LabelSelector? FromObject(JsonObject? selector)
    {
        if (selector is null)
        {
            return null;
        }

        var requirements = new List<Requirement>();
        foreach (var (key, value) in selector.Object("matchLabels") ?? [])
        {
            requirements.Add(new Requirement(key, Operator.In, [value.Text() ?? ""]));
        }

        foreach (var expression in selector.Objects("matchExpressions"))
        {
            var chosen = expression.Text("operator") switch
            {
                "NotIn" => Operator.NotIn,
                "Exists" => Operator.Exists,
                "DoesNotExist" => Operator.Missing,
                _ => Operator.In,
            };
            requirements.Add(new Requirement(expression.Text("key") ?? "", chosen, [.. expression.Texts("values")]));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>A plain map, as Services have it. Null or empty selects nothing.</summary>
    public static LabelSelector? FromMap(JsonObject? labels) =>
        labels is null || labels.Count == 0
            ? null
            : new LabelSelector([
                .. labels.Select(label => new Requirement(label.Key, Operator.In, [label.Value.Text() ?? ""])),
            ]);

    public static LabelSelector Parse(string text)
    {
        if (text.Length == 0)
        {
            return Everything;
        }

        var parser = new LabelSelectorParser(text);
        return new LabelSelector(parser.Parse());
    }

    internal enum Operator
    {
        In,
        NotIn,
        Exists,
        Missing,
        Greater,
        Less,
    }

    internal sealed record Requirement(string Key, Operator Operator, IReadOnlyList<string> Values)
    {
        public bool Matches(JsonObject? labels)
        {
            var value = labels.Text(Key);
            return Operator switch
            {
                Operator.In => value is not null && Values.Contains(value),
                Operator.NotIn => value is null || !Values.Contains(value),
                Operator.Exists => value is not null,
                Operator.Missing => value is null,
                Operator.Greater => long.TryParse(value, out var number) && number > long.Parse(Values[0]),
                _ => long.TryParse(value, out var number) && number < long.Parse(Values[0]),
            };
        }
    }
}
