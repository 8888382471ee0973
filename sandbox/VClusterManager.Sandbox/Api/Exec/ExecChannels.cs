using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>
/// The streams of one command on one WebSocket: every message begins with the number of its stream. Since v5 a client
/// says with a message of its own that its input is at its end.
/// </summary>
internal sealed class ExecChannels(WebSocket socket, bool terminal) : IDisposable
{
    public const byte Stdin = 0;
    public const byte Stdout = 1;
    public const byte Stderr = 2;

    private const byte Error = 3;
    private const byte Close = 255;

    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TerminalLine _line = new();

    /// <summary>What the client sends for the command to read.</summary>
    public Stream Input => _input.Reader.AsStream();

    public Stream Output(byte channel) => new ChannelStream(this, channel);

    /// <summary>Takes messages until the client closes or it is told to stop.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        var message = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(message.GetMemory(16 * 1024), cancel);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                message.Advance(received.Count);
                if (received.EndOfMessage)
                {
                    await TakeAsync(message.WrittenMemory, cancel);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The command has ended, or the client went.
        }

        await _input.Writer.CompleteAsync();
    }

    public async Task SendAsync(byte channel, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        byte[] message = [channel, .. terminal && channel == Stdout ? TerminalLine.Shown(content.Span) : content.Span];
        await _sending.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    public async Task EndAsync(JsonObject status, CancellationToken cancel)
    {
        await SendAsync(Error, GoJson.Compact(status), cancel);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
    }

    public void Dispose() => _sending.Dispose();

    private async Task TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        if (message.Length > 1 && message.Span[0] == Stdin)
        {
            await TakeInputAsync(message[1..], cancel);
        }
        else if (message.Length > 1 && message.Span[0] == Close && message.Span[1] == Stdin)
        {
            await _input.Writer.CompleteAsync();
        }
    }

    private async Task TakeInputAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        if (!terminal)
        {
            await _input.Writer.WriteAsync(content, cancel);
            return;
        }

        var typed = _line.Take(content.Span);
        await SendAsync(Stdout, typed.Echo, cancel);
        await _input.Writer.WriteAsync(typed.Entered, cancel);
        if (typed.Ends)
        {
            await _input.Writer.CompleteAsync();
        }
    }
}
