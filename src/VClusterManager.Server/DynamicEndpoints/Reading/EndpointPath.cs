using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>The path of an endpoint: <c>/namespaces/{namespace}/pods</c>. Pure.</summary>
internal static class EndpointPath
{
    private const int MostSegments = 20;

    /// <summary>What is wrong with it; <see langword="null"/>: nothing.</summary>
    public static string? WrongWith(string path)
    {
        if (path.Length is < 2 or > 500 || path[0] != '/' || path.EndsWith('/'))
        {
            return "must begin with '/', name something, and not end with '/'";
        }

        var segments = path[1..].Split('/');
        return segments.Length > MostSegments ? $"must have at most {MostSegments} parts"
            : Array.Find(segments, s => !IsParameter(s) && !IsLiteral(s)) is { } wrong
                ? $"the part \"{wrong}\" must be a parameter in braces, or letters, digits, '-', '_' and '.'"
            : ParametersOf(path) is var names && names.Distinct().Count() < names.Count ? "names a parameter twice"
            : null;
    }

    public static IReadOnlyList<string> ParametersOf(string path) =>
        [.. path.Split('/').Where(IsParameter).Select(s => s[1..^1])];

    /// <summary>The same for all paths that meet the same requests.</summary>
    public static string ShapeOf(string path) =>
        string.Join('/', path.Split('/').Select(s => IsParameter(s) ? "{}" : s.ToLowerInvariant()));

    private static bool IsParameter(string segment) => segment is ['{', .., '}'] && TextTemplate.IsName(segment[1..^1]);

    private static bool IsLiteral(string segment) =>
        segment.Length > 0
        && segment is not ("." or "..")
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
