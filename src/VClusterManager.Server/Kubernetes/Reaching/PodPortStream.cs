using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace VClusterManager.Server.Kubernetes.Reaching;

/// <summary>
/// A connection to a port of a pod, through the host's API. Every message begins with the number of its channel: 0 is the
/// connection, 1 tells what went wrong with it, and the first message of each only repeats the port. A message is one
/// frame, since the node at the other end reads frames.
/// </summary>
internal sealed class PodPortStream(WebSocket socket) : Stream
{
    public const string Protocol = "v4.channel.k8s.io";

    private const int Data = 0;
    private const int Channels = 2;

    private readonly bool[] _begun = new bool[Channels];
    private readonly byte[] _head = new byte[1];

    /// <summary>The channel of the message that is being read; <see langword="null"/>: the next one has not begun.</summary>
    private int? _channel;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Asked whether there is something: whoever asks reads afterwards.
        if (buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            while (await BeginAsync(cancellationToken))
            {
                if (_channel != Data || !_begun[Data])
                {
                    await TakeAsideAsync(cancellationToken);
                    continue;
                }

                var received = await socket.ReceiveAsync(buffer, cancellationToken);
                _channel = received.EndOfMessage ? null : _channel;
                if (received.Count > 0)
                {
                    return received.Count;
                }
            }

            return 0;
        }
        catch (WebSocketException e)
        {
            throw new IOException($"the connection through the host's API broke: {e.Message}", e);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        var message = ArrayPool<byte>.Shared.Rent(buffer.Length + 1);
        try
        {
            message[0] = Data;
            buffer.CopyTo(message.AsMemory(1));
            await socket.SendAsync(
                message.AsMemory(0, buffer.Length + 1),
                WebSocketMessageType.Binary,
                endOfMessage: true,
                cancellationToken
            );
        }
        catch (WebSocketException e)
        {
            throw new IOException($"the connection through the host's API broke: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing is held back.</summary>
    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <returns>False at the end of the connection.</returns>
    private async Task<bool> BeginAsync(CancellationToken cancellation)
    {
        while (_channel is null)
        {
            var received = await socket.ReceiveAsync(_head.AsMemory(), cancellation);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            _channel = received is { Count: 1, EndOfMessage: false } ? _head[0] : null;
        }

        return true;
    }

    /// <summary>Reads the rest of a message that is not of the connection itself.</summary>
    private async Task TakeAsideAsync(CancellationToken cancellation)
    {
        const int most = 4096;
        var text = new MemoryStream();
        var buffer = new byte[512];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            text.Write(buffer.AsSpan(0, (int)Math.Min(received.Count, most - text.Length)));
        } while (!received.EndOfMessage);

        var channel = _channel ?? Data;
        _channel = null;
        if (channel >= Channels)
        {
            throw new IOException($"the host's API has opened a channel {channel}, which was not asked for");
        }

        if (_begun[channel])
        {
            throw new IOException(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).Trim());
        }

        _begun[channel] = true;
    }
}
