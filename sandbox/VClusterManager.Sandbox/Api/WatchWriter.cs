using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api.Tables;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>Writes the events of one watch in the form that its client asked for, one JSON object a line.</summary>
internal sealed class WatchWriter(ResourceRequest request)
{
    private const int FlushAt = 64 * 1024;

    private readonly ResponseShape _shape = ResponseFormat.Of(request.Http.Request).Shape;
    private bool _columnsSent;
    private int _unflushed;

    public async Task StartAsync(CancellationToken cancel)
    {
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.Headers.CacheControl = "no-cache, private";
        response.ContentType = "application/json";
        await response.StartAsync(cancel);
        await response.Body.FlushAsync(cancel);
    }

    public Task SendAsync(string type, StoredObject stored, CancellationToken cancel)
    {
        if (_shape == ResponseShape.Whole && request.Resource.StoredAs is null)
        {
            return SendAsync(type, stored.Bytes, cancel);
        }

        var shown = VersionConversion.Show(request.Resource, stored.Json);
        return SendAsync(
            type,
            _shape switch
            {
                ResponseShape.Metadata => PartialMetadata.Of(shown),
                ResponseShape.Table => Row(stored.Json),
                _ => shown,
            },
            cancel
        );
    }

    public Task SendAsync(string type, JsonObject json, CancellationToken cancel) =>
        SendAsync(type, GoJson.Compact(json), cancel);

    /// <summary>Tells how far the stream has come, and once that all initial objects have been sent.</summary>
    public Task SendBookmarkAsync(long version, bool endOfInitial, CancellationToken cancel)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (endOfInitial)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var whole = _shape == ResponseShape.Whole;
        var bookmark = new JsonObject
        {
            ["kind"] = whole ? request.Resource.Kind : "PartialObjectMetadata",
            ["apiVersion"] = whole ? request.Resource.ApiVersion : "meta.k8s.io/v1",
            ["metadata"] = metadata,
        };
        return SendAsync("BOOKMARK", bookmark, cancel);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        _unflushed = 0;
        await request.Http.Response.BodyWriter.FlushAsync(cancel);
    }

    private async Task SendAsync(string type, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        var body = request.Http.Response.BodyWriter;
        body.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"));
        body.Write(json.Span);
        body.Write("}\n"u8);
        _unflushed += json.Length;
        if (_unflushed > FlushAt)
        {
            await FlushAsync(cancel);
        }
    }

    /// <summary>Only the first table of a watch says what its columns are.</summary>
    private JsonObject Row(JsonObject json)
    {
        var metadata = new JsonObject { ["resourceVersion"] = json.Text("metadata", "resourceVersion") };
        var table = new Table(request).Of([json], metadata, withColumns: !_columnsSent);
        _columnsSent = true;
        return table;
    }
}
