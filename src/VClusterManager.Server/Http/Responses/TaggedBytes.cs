using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace VClusterManager.Server.Http.Responses;

/// <summary>
/// JSON that is written already, with a strong <c>ETag</c>, which is the hash of its bytes; 304 when the caller has it
/// already. The same answer may be given any number of times.
/// </summary>
internal sealed class TaggedBytes(byte[] json) : IResult, IStatusCodeHttpResult
{
    private readonly EntityTagHeaderValue _tag = EntityTagHeaderValue.Parse(TagOf(json));

    public int Length => json.Length;

    public int? StatusCode => StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = _tag.Tag.Value;
        // It may be kept, but must be asked about each time, and depends on who asks.
        response.Headers.CacheControl = "private, no-cache";
        if (IsKnown(httpContext.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }

    public static string TagOf(ReadOnlySpan<byte> bytes) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"";

    /// <summary><c>If-None-Match</c> compares weakly: a proxy that compresses may have made the tag weak.</summary>
    private bool IsKnown(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(_tag, useStrongComparison: false));
}
