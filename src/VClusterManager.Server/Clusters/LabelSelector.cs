using System.Diagnostics.CodeAnalysis;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// A label selector in the syntax of Kubernetes: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>, <c>a in (b,c)</c>,
/// <c>a notin (b,c)</c>, <c>a</c>, <c>!a</c>, joined by commas that all must hold.
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
/// </summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    private LabelSelector() { }

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out LabelSelector? selector,
        [NotNullWhen(false)] out string? error
    )
    {
        selector = new LabelSelector();
        error = null;
        foreach (var part in SplitOutsideBrackets(text))
        {
            if (ParseOne(part.Trim(), out error) is not { } requirement)
            {
                selector = null;
                error ??= $"{Quote.Of(part)} is no label requirement";
                return false;
            }
            selector._requirements.Add(requirement);
        }
        return true;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(r => r.Matches(labels));

    private static Requirement? ParseOne(string text, out string? error)
    {
        error = null;
        if (text.StartsWith('!'))
        {
            return Checked(new Requirement(text[1..].Trim(), Operator.Missing, []), out error);
        }
        var words = text.Split([' ', '('], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length >= 2 && words[1] is "in" or "notin" && text.EndsWith(')') && text.Contains('('))
        {
            var list = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1]
                .Split(',', StringSplitOptions.TrimEntries);
            return Checked(new Requirement(words[0], words[1] == "in" ? Operator.In : Operator.NotIn, list), out error);
        }
        foreach (var (sign, op) in new[] { ("!=", Operator.NotIn), ("==", Operator.In), ("=", Operator.In) })
        {
            var at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at >= 0)
            {
                var value = text[(at + sign.Length)..].Trim();
                return Checked(new Requirement(text[..at].Trim(), op, [value]), out error);
            }
        }
        return Checked(new Requirement(text, Operator.Present, []), out error);
    }

    private static Requirement? Checked(Requirement requirement, out string? error)
    {
        error = LabelRules.CheckKey(requirement.Key);
        if (error is null && Array.Find(requirement.Values, v => !LabelRules.IsValue(v)) is { } bad)
        {
            error = $"{Quote.Of(bad)} is no valid label value";
        }
        return error is null ? requirement : null;
    }

    private static IEnumerable<string> SplitOutsideBrackets(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private enum Operator
    {
        In,
        NotIn,
        Present,
        Missing,
    }

    private sealed record Requirement(string Key, Operator Operator, string[] Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var has = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                Operator.In => has && Values.Contains(value),
                // As Kubernetes has it: a label that is not there is also not in the list.
                Operator.NotIn => !has || !Values.Contains(value),
                Operator.Present => has,
                _ => !has,
            };
        }
    }
}
