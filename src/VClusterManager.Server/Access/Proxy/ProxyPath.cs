namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// Where a request through the proxy goes, taken from its target as it came in. Pure. What comes after the cluster is
/// passed on byte for byte, so it must be what it looks like to everybody: no dots that climb, no slashes that are hidden,
/// nothing that one reader takes for a path and another does not.
/// </summary>
/// <param name="Path">Within the cluster's API; begins with a slash. As it was written.</param>
/// <param name="Query">With its question mark, as it was written; or empty.</param>
internal sealed record ProxyPath(string Namespace, string Name, string Path, string Query)
{
    public const string Prefix = "/k8s/";

    private const int LongestName = 63;

    /// <param name="target">The target of the request line, or <c>:path</c>.</param>
    /// <param name="problem">Why it leads nowhere; for the caller.</param>
    public static ProxyPath? Parse(string target, out string problem)
    {
        problem = "The path must be /k8s/NAMESPACE/NAME, followed by a path of the cluster's API.";
        if (
            !target.StartsWith(Prefix, StringComparison.Ordinal) || target.Any(c => c is <= ' ' or > '~' or '\\' or '#')
        )
        {
            return null;
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (target, "") : (target[..question], target[question..]);
        var parts = path[Prefix.Length..].Split('/', 3);
        if (parts.Length < 2 || !IsName(parts[0]) || !IsName(parts[1]))
        {
            return null;
        }

        var rest = parts.Length == 3 ? parts[2] : "";
        if (!IsPlain(rest))
        {
            problem =
                "The path within the cluster must have no empty segments, no dots for segments and no encoded slashes.";
            return null;
        }

        return new ProxyPath(parts[0], parts[1], "/" + rest, query);
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        && text[0] != '-'
        && text[^1] != '-';

    /// <summary>A slash at the end is usual (<c>/api/</c>); otherwise no segment is empty.</summary>
    private static bool IsPlain(string path)
    {
        var segments = path.Split('/');
        return segments
            .Index()
            .All(s => (s.Item.Length == 0 && s.Index == segments.Length - 1) || IsPlainSegment(s.Item));
    }

    private static bool IsPlainSegment(string segment)
    {
        var text = Decode(segment);
        return text is not (null or "" or "." or "..") && !text.Any(c => c is '/' or '\\' or '%' || char.IsControl(c));
    }

    /// <returns><see langword="null"/>: it has a percent sign that encodes nothing.</returns>
    private static string? Decode(string segment)
    {
        for (var i = segment.IndexOf('%', StringComparison.Ordinal); i >= 0; i = segment.IndexOf('%', i + 1))
        {
            if (
                i + 2 >= segment.Length
                || !char.IsAsciiHexDigit(segment[i + 1])
                || !char.IsAsciiHexDigit(segment[i + 2])
            )
            {
                return null;
            }
        }

        return Uri.UnescapeDataString(segment);
    }
}
