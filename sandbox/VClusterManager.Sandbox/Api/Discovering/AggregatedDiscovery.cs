using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api.Discovering;

/// <summary>What the API serves, all in one document with an ETag, as newer clients ask for it.</summary>
internal static class AggregatedDiscovery
{
    private const string ContentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static readonly ConcurrentDictionary<(bool Core, bool Pretty), (byte[] Bytes, string ETag)> Documents = [];

    /// <summary>True when the client prefers this form.</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        && types.FirstOrDefault(type => type.MediaType == "application/json") is { } preferred
        && preferred.Parameters.Any(parameter => parameter.Name == "as" && parameter.Value == "APIGroupDiscoveryList")
        && preferred.Parameters.Any(parameter => parameter.Name == "v" && parameter.Value == "v2");

    public static Task WriteAsync(HttpContext context, bool core)
    {
        var (bytes, tag) = Documents.GetOrAdd(
            (core, ResponseFormat.Of(context.Request).Pretty),
            key => Build(key.Core, key.Pretty)
        );
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = "Accept";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.CacheControl = "public";
            return Task.CompletedTask;
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers.CacheControl = "public";
            return Task.CompletedTask;
        });
        return context.WriteBytesAsync(200, ContentType, bytes);
    }

    private static (byte[] Bytes, string ETag) Build(bool core, bool pretty)
    {
        IEnumerable<string> groups = core ? [""] : ResourceCatalog.GroupNames;
        var document = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(Group)]),
        };
        var compact = GoJson.Compact(document);
        var tag = $"\"{Convert.ToHexString(SHA512.HashData(compact))}\"";
        return (pretty ? GoJson.Pretty(document) : [.. compact, (byte)'\n'], tag);
    }

    private static JsonObject Group(string name) =>
        new()
        {
            ["metadata"] = name.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = name },
            ["versions"] = new JsonArray([
                .. ResourceCatalog.VersionsOf(name).Select(version => Version(name, version)),
            ]),
        };

    private static JsonObject Version(string group, string version) =>
        new()
        {
            ["version"] = version,
            ["resources"] = new JsonArray([.. ResourceCatalog.In(group, version).Select(Resource)]),
            ["freshness"] = "Current",
        };

    private static JsonObject Resource(ResourceDefinition resource)
    {
        var described = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = Kind("", "", resource.Kind),
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = DiscoveryText.Array(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0)
        {
            described["shortNames"] = DiscoveryText.Array(resource.ShortNames);
        }

        if (resource.Categories.Count > 0)
        {
            described["categories"] = DiscoveryText.Array(resource.Categories);
        }

        if (resource.Subresources.Count > 0)
        {
            described["subresources"] = new JsonArray([.. resource.Subresources.Select(Subresource)]);
        }

        return described;
    }

    private static JsonObject Subresource(SubresourceDefinition subresource) =>
        new()
        {
            ["subresource"] = subresource.Name,
            ["responseKind"] = Kind(subresource.Group ?? "", subresource.Version ?? "", subresource.Kind),
            ["verbs"] = DiscoveryText.Array(subresource.Verbs),
        };

    private static JsonObject Kind(string group, string version, string kind) =>
        new()
        {
            ["group"] = group,
            ["version"] = version,
            ["kind"] = kind,
        };
}
