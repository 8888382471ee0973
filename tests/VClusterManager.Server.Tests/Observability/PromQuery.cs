using System.Text.RegularExpressions;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>A series that an expression asks for.</summary>
internal sealed record Selector(string Name, IReadOnlyList<string> Labels);

/// <summary>What an expression of PromQL names: its series with the labels they are chosen by, and the labels it groups by.</summary>
internal sealed partial record PromQuery(IReadOnlyList<Selector> Selectors, IReadOnlyList<string> Grouping)
{
    private static readonly string[] Grouped = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    private static readonly string[] Words = [.. Grouped, "and", "or", "unless", "bool", "offset"];

    public static PromQuery Parse(string expression)
    {
        var text = Range().Replace(expression, " ");
        List<Selector> selectors = [];
        List<string> grouping = [];
        foreach (Match match in Token().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (Grouped.Contains(name))
            {
                grouping.AddRange(
                    match
                        .Groups["list"]
                        .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                );
            }
            else if (!match.Groups["call"].Success && !Words.Contains(name))
            {
                var labels = Matcher().Matches(match.Groups["labels"].Value).Select(one => one.Groups["label"].Value);
                selectors.Add(new Selector(name, [.. labels]));
            }
        }

        return new PromQuery(selectors, grouping);
    }

    /// <summary><c>[5m]</c></summary>
    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Range();

    // A word with what decides about it: labels in braces, a list behind "by", or a parenthesis, which makes it a function
    // (an aggregation has its grouping in between).
    [GeneratedRegex(
        """(?<![\w.$"])(?<name>[a-zA-Z_:][\w:]*)\s*(\{(?<labels>("([^"\\]|\\.)*"|[^}"])*)\}|(?<=\b(by|without|on|ignoring|group_left|group_right)\s*)\((?<list>[^)]*)\)|(?<call>\(|(?=(by|without)\b)))?""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        """(?<label>[a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"([^"\\]|\\.)*" """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex Matcher();
}
