using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>
/// Sends what a command says line by line. The answer begins with the first of them, so that a command which fails before
/// is answered as a failure. A line that does not end is sent in pieces; nothing else is held back or kept.
/// </summary>
internal sealed class StreamedAnswer(HttpContext http, long? most, CancellationTokenSource run)
{
    public const string ContentType = "text/plain; charset=utf-8";

    private const int LongestLine = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private long _taken;

    /// <summary>It has printed more than it may.</summary>
    public bool IsTooMuch { get; private set; }

    public async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        _taken += bytes.Length;
        if (_taken > most)
        {
            IsTooMuch = true;
            await run.CancelAsync();
            run.Token.ThrowIfCancellationRequested();
        }

        var end = bytes.Span.LastIndexOf((byte)'\n') + 1;
        _line.Write(bytes.Span[..end]);
        if (end > 0)
        {
            await SendAsync();
        }

        _line.Write(bytes.Span[end..]);
        if (_line.WrittenCount >= LongestLine)
        {
            await SendAsync();
        }
    }

    /// <summary>The last line, which need not end; an answer without any line is one, too.</summary>
    public async Task EndAsync()
    {
        Begin();
        await SendAsync();
    }

    private async ValueTask SendAsync()
    {
        Begin();
        await http.Response.Body.WriteAsync(_line.WrittenMemory, run.Token);
        await http.Response.Body.FlushAsync(run.Token);
        _line.ResetWrittenCount();
    }

    private void Begin()
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = ContentType;
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }
    }
}
