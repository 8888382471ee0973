using Microsoft.AspNetCore.Http.Features;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>
/// What a caller has put into a path. The server leaves <c>%2F</c>, and what is no UTF-8, as it was sent, so that in a
/// value with a percent sign it can no longer be told from a percent sign that was meant. Such a value is read again from
/// what was sent.
/// </summary>
internal static class PathValue
{
    /// <param name="path">The endpoint's, in which the parameter stands.</param>
    /// <param name="routed">What the routing has made of it.</param>
    /// <returns><see langword="null"/>: it is not text.</returns>
    public static string? Read(HttpRequest request, string path, string parameter, string routed)
    {
        if (!routed.Contains('%', StringComparison.Ordinal))
        {
            return routed;
        }

        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var sent = SegmentOf(target, path, parameter);
        var value = Uri.UnescapeDataString(sent);
        // What cannot be decoded stays as it is: then there are more percent signs than were meant. And with dots in the
        // path it may be another part.
        return
            value.Count('%') == sent.Split("%25").Length - 1
            && Uri.UnescapeDataString(value) == Uri.UnescapeDataString(routed)
            ? value
            : null;
    }

    /// <summary>Counted from the end: what stands before is another's. A '/' at the end is no part.</summary>
    private static string SegmentOf(string target, string path, string parameter)
    {
        var parts = path.Split('/');
        var sent = target.Split('?')[0].TrimEnd('/').Split('/');
        return sent.ElementAtOrDefault(sent.Length - parts.Length + Array.IndexOf(parts, $"{{{parameter}}}")) ?? "";
    }
}
