using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VClusterManager.Server.Tests.Observability.Tracing;

/// <summary>A span as it was sent.</summary>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name);

/// <summary>A collector on loopback, which takes traces over HTTP as the real ones do and keeps them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<(string Path, string Headers, byte[] Body)> _requests = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyCollection<(string Path, string Headers, byte[] Body)> Requests => _requests;

    /// <summary>All that has come, as text: what must not be sent is looked for in it.</summary>
    public string Everything =>
        string.Concat(_requests.Select(request => request.Headers + Encoding.Latin1.GetString(request.Body)));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        OtlpReceiver receiver = new(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public IReadOnlyCollection<ReceivedSpan> All => _spans;

    public IReadOnlyList<ReceivedSpan> Of(string trace) => [.. _spans.Where(span => span.Trace == trace)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = string.Join('\n', http.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
        _requests.Enqueue((http.Request.Path, headers, body.ToArray()));
        foreach (var span in SpansOf(body.ToArray()))
        {
            _spans.Enqueue(span);
        }
    }

    /// <summary>ExportTraceServiceRequest { ResourceSpans { ScopeSpans { Span } } }, by the numbers of their fields.</summary>
    private static IEnumerable<ReceivedSpan> SpansOf(byte[] request) =>
        from resource in ProtobufReader.All(request, 1)
        from scope in ProtobufReader.All(resource, 2)
        from span in ProtobufReader.All(scope, 2)
        select new ReceivedSpan(
            ProtobufReader.Hex(span, 1),
            ProtobufReader.Hex(span, 2),
            ProtobufReader.Hex(span, 4),
            ProtobufReader.Text(span, 5)
        );
}
