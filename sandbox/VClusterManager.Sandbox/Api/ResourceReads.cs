using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api.Tables;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>Get and list.</summary>
internal static class ResourceReads
{
    public static Task GetAsync(ResourceRequest request)
    {
        var stored = request.Cluster.Registry.Get(request.Storage, request.Namespace, request.Info.Name);
        return WriteObjectAsync(request, 200, stored.Json);
    }

    public static Task ListAsync(ResourceRequest request)
    {
        var listing = Listing.Read(
            request.Cluster.Store,
            request.Storage,
            request.Scope,
            ListRequest.Parse(request.Query, request.Resource),
            request.Query
        );
        return WriteListAsync(request, listing);
    }

    /// <summary>One object in the form that was asked for.</summary>
    public static Task WriteObjectAsync(ResourceRequest request, int code, JsonObject json)
    {
        var shown = VersionConversion.Show(request.Resource, json);
        var shaped = ResponseFormat.Of(request.Http.Request).Shape switch
        {
            ResponseShape.Metadata => PartialMetadata.Of(shown),
            ResponseShape.Table => new Table(request).Of([json], VersionOf(json)),
            _ => shown,
        };
        return request.Http.WriteJsonAsync(code, shaped);
    }

    public static Task WriteListAsync(ResourceRequest request, Listing listing)
    {
        var (shape, pretty) = ResponseFormat.Of(request.Http.Request);
        if (shape == ResponseShape.Whole && !pretty && request.Resource.StoredAs is null)
        {
            return request.Http.WriteBytesAsync(200, "application/json", CompactList(request, listing));
        }

        var objects = listing.Items.Select(stored => VersionConversion.Show(request.Resource, stored.Json));
        var list = shape switch
        {
            ResponseShape.Metadata => PartialMetadata.List(objects, listing.Metadata()),
            ResponseShape.Table => new Table(request).Of(
                listing.Items.Select(stored => stored.Json),
                listing.Metadata()
            ),
            _ => WholeList(request, objects, listing.Metadata()),
        };
        return request.Http.WriteJsonAsync(200, list);
    }

    private static JsonObject VersionOf(JsonObject json) =>
        new() { ["resourceVersion"] = json.Text("metadata", "resourceVersion") };

    /// <summary>The list put together from the objects' own text, which only lacks kind and version there.</summary>
    private static ReadOnlyMemory<byte> CompactList(ResourceRequest request, Listing listing)
    {
        var (kind, version) = (request.Resource.Kind, request.Resource.ApiVersion);
        var leftOut = Encoding.UTF8.GetByteCount($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",");
        var output = new ArrayBufferWriter<byte>();
        Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}List\",\"apiVersion\":\"{version}\",\"metadata\":", output);
        output.Write(GoJson.Compact(listing.Metadata()));
        output.Write(",\"items\":["u8);
        for (var i = 0; i < listing.Items.Count; i++)
        {
            output.Write(i == 0 ? "{"u8 : ",{"u8);
            output.Write(listing.Items[i].Bytes.Span[leftOut..]);
        }

        output.Write("]}\n"u8);
        return output.WrittenMemory;
    }

    private static JsonObject WholeList(ResourceRequest request, IEnumerable<JsonObject> objects, JsonObject metadata)
    {
        var items = new JsonArray();
        foreach (var json in objects)
        {
            var item = json.Copy();
            item.Remove("kind");
            item.Remove("apiVersion");
            items.Add(item);
        }

        return new JsonObject
        {
            ["kind"] = $"{request.Resource.Kind}List",
            ["apiVersion"] = request.Resource.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = items,
        };
    }
}

/// <summary>Objects without spec and status, for clients that only want to know what there is.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(JsonObject json) =>
        new()
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = json["metadata"]?.DeepClone(),
        };

    public static JsonObject List(IEnumerable<JsonObject> objects, JsonObject metadata) =>
        new()
        {
            ["kind"] = "PartialObjectMetadataList",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. objects.Select(Of)]),
        };
}
