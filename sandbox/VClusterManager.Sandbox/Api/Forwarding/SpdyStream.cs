using System.IO.Pipelines;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>One stream that a client opened: both directions end by themselves.</summary>
internal sealed class SpdyStream(int id, IReadOnlyDictionary<string, string> headers, SpdyConnection connection)
{
    // All streams share one connection: one whose reader is slow must not hold up the others.
    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly TaskCompletionSource _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyDictionary<string, string> Headers => headers;

    public Stream Input => _input.Reader.AsStream();

    /// <summary>Ends when the client wants nothing more of it.</summary>
    public Task WasReset => _reset.Task;

    public async Task TakeAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) =>
        await _input.Writer.WriteAsync(data, cancel);

    public async Task EndInputAsync() => await _input.Writer.CompleteAsync();

    public void Reset() => _reset.TrySetResult();

    public Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) =>
        connection.SendAsync(id, data, final: false, cancel);

    public Task EndAsync(CancellationToken cancel) => connection.SendAsync(id, default, final: true, cancel);
}
