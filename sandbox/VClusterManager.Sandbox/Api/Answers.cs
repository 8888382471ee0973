using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api;

/// <summary>Writes answers with the headers and line ends of the real server.</summary>
internal static class Answers
{
    public static async Task WriteJsonAsync(this HttpContext context, int code, JsonNode json, bool? pretty = null)
    {
        var bytes =
            pretty ?? ResponseFormat.Of(context.Request).Pretty
                ? GoJson.Pretty(json)
                : [.. GoJson.Compact(json), (byte)'\n'];
        await context.WriteBytesAsync(code, "application/json", bytes);
    }

    public static async Task WriteBytesAsync(
        this HttpContext context,
        int code,
        string contentType,
        ReadOnlyMemory<byte> bytes
    )
    {
        context.Response.StatusCode = code;
        context.Response.Headers.CacheControl = "no-cache, private";
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    public static Task WriteTextAsync(this HttpContext context, int code, string text)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.WriteBytesAsync(code, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));
    }

    public static Task WriteStatusAsync(this HttpContext context, StatusException status)
    {
        if (status.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return context.WriteJsonAsync(status.Code, status.ToJson());
    }
}
