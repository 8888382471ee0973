namespace VClusterManager.Server.Clusters;

/// <summary>
/// The rules of Kubernetes for labels. Pure.
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
/// </summary>
internal static class LabelRules
{
    public const int MaxLabels = 64;

    private const int MaxName = 63;
    private const int MaxPrefix = 253;

    /// <summary>What is wrong with these labels; empty: nothing.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyDictionary<string, string> labels)
    {
        var errors = new List<string>();
        if (labels.Count > MaxLabels)
        {
            errors.Add($"holds {labels.Count} labels; at most {MaxLabels} are allowed");
        }
        foreach (var (key, value) in labels)
        {
            if (CheckKey(key) is { } keyError)
            {
                errors.Add(keyError);
            }
            else if (!IsValue(value))
            {
                errors.Add(
                    $"the value of {Quote.Of(key)} must be empty or at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit"
                );
            }
        }
        return errors;
    }

    /// <summary>What is wrong with this key; <see langword="null"/>: nothing.</summary>
    public static string? CheckKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        if (slash >= 0 && !IsDnsSubdomain(key[..slash]))
        {
            return $"{Quote.Of(key)}: the part before '/' must be a DNS name of at most {MaxPrefix} characters";
        }
        return name.Length is > 0 and <= MaxName && IsWord(name)
            ? null
            : $"{Quote.Of(key)}: a label name is 1 to {MaxName} letters, digits, '-', '_' or '.', beginning and ending with a letter or digit";
    }

    public static bool IsValue(string? value) =>
        value is not null && (value.Length == 0 || (value.Length <= MaxName && IsWord(value)));

    private static bool IsWord(string text) =>
        char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsDnsSubdomain(string text) =>
        text.Length is > 0 and <= MaxPrefix
        && text.Split('.')
            .All(part => part.Length > 0 && part[0] != '-' && part[^1] != '-' && part.All(ClusterName.IsAllowed));
}
