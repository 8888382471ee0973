using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api.Discovering;

/// <summary>
/// The OpenAPI v3 documents, one a group version, as far as clients read them: which addresses take
/// <c>fieldValidation</c>, and what the types look like.
/// </summary>
internal static class OpenApi
{
    private static readonly ConcurrentDictionary<(string Group, string Version), byte[]> Documents = [];
    private static readonly Lazy<byte[]> IndexDocument = new(() => GoJson.Compact(BuildIndex()));

    public static Task WriteIndexAsync(HttpContext context) =>
        WriteAsync(context, IndexDocument.Value, "text/plain; charset=utf-8");

    public static Task WriteAsync(HttpContext context, string group, string version)
    {
        if (ResourceCatalog.In(group, version).Count == 0)
        {
            throw Refusals.NoSuchResource();
        }

        return WriteAsync(context, Document(group, version), "application/json");
    }

    private static Task WriteAsync(HttpContext context, byte[] bytes, string contentType)
    {
        var tag = $"\"{HashOf(bytes)}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = "Accept";
        context.Response.Headers.AcceptRanges = "bytes";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return context.WriteBytesAsync(200, contentType, bytes);
    }

    private static byte[] Document(string group, string version) =>
        Documents.GetOrAdd((group, version), key => GoJson.Compact(OpenApiDocument.Build(key.Group, key.Version)));

    private static JsonObject BuildIndex()
    {
        var paths = new JsonObject { ["api/v1"] = Entry("api/v1", Document("", "v1")) };
        foreach (var group in ResourceCatalog.GroupNames)
        {
            foreach (var version in ResourceCatalog.VersionsOf(group))
            {
                var path = $"apis/{group}/{version}";
                paths[path] = Entry(path, Document(group, version));
            }
        }

        return new JsonObject { ["paths"] = paths };
    }

    private static JsonObject Entry(string path, byte[] document) =>
        new() { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={HashOf(document)}" };

    private static string HashOf(byte[] document) => Convert.ToHexString(SHA512.HashData(document));
}
