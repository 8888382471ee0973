using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>
/// The server's side of a SPDY/3.1 connection, as far as Kubernetes clients use it: they open streams, both sides send
/// data and end their direction, and pings are answered. They keep no windows, so neither does this.
/// </summary>
internal sealed class SpdyConnection(WebSocketTunnel tunnel) : IDisposable
{
    private const int HeadLength = 8;
    private const int LongestFrame = 16 * 1024 * 1024;
    private const byte Final = 1;

    private readonly ConcurrentDictionary<int, SpdyStream> _streams = [];
    private readonly SpdyHeaders _headers = new();

    private enum Frame
    {
        OpenStream = 1,
        Reply = 2,
        Reset = 3,
        Ping = 6,
        GoAway = 7,
    }

    /// <summary>Reads frames until the client goes; every stream that it opens is given to the callback.</summary>
    public async Task RunAsync(Action<SpdyStream> opened, CancellationToken cancel)
    {
        var head = new byte[HeadLength];
        try
        {
            while (await tunnel.FillAsync(head, cancel))
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xFFFFFF;
                var body = new byte[Math.Min(length, LongestFrame)];
                if (!await tunnel.FillAsync(body, cancel))
                {
                    return;
                }

                if (!await TakeAsync(head, body, opened, cancel))
                {
                    return;
                }
            }
        }
        finally
        {
            foreach (var stream in _streams.Values)
            {
                await stream.EndInputAsync();
            }
        }
    }

    public async Task SendAsync(int stream, ReadOnlyMemory<byte> data, bool final, CancellationToken cancel)
    {
        var frame = new byte[HeadLength + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, stream);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), data.Length);
        frame[4] = final ? Final : (byte)0;
        data.CopyTo(frame.AsMemory(HeadLength));
        await tunnel.SendAsync(frame, cancel);
    }

    public void Dispose() => _headers.Dispose();

    /// <summary>Handles one frame; false when the client says that it goes.</summary>
    private async Task<bool> TakeAsync(byte[] head, byte[] body, Action<SpdyStream> opened, CancellationToken cancel)
    {
        var isControl = (head[0] & 0x80) != 0;
        if (!isControl)
        {
            await TakeDataAsync(BinaryPrimitives.ReadInt32BigEndian(head), body, head[4] == Final, cancel);
            return true;
        }

        switch ((Frame)head[3])
        {
            case Frame.OpenStream:
                await OpenAsync(body, (head[4] & Final) != 0, opened, cancel);
                break;
            case Frame.Reset when _streams.TryRemove(BinaryPrimitives.ReadInt32BigEndian(body), out var stream):
                await stream.EndInputAsync();
                stream.Reset();
                break;
            case Frame.Ping:
                await SendControlAsync(Frame.Ping, body, cancel);
                break;
            case Frame.GoAway:
                return false;
            default:
                break;
        }

        return true;
    }

    private async Task TakeDataAsync(int id, byte[] data, bool final, CancellationToken cancel)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            return;
        }

        await stream.TakeAsync(data, cancel);
        if (final)
        {
            await stream.EndInputAsync();
        }
    }

    private async Task OpenAsync(byte[] body, bool final, Action<SpdyStream> opened, CancellationToken cancel)
    {
        const int headersAt = 10;
        var id = BinaryPrimitives.ReadInt32BigEndian(body) & 0x7FFFFFFF;
        var stream = new SpdyStream(id, _headers.Read(body.AsMemory(headersAt)), this);
        _streams[id] = stream;
        var reply = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(reply, id);
        await SendControlAsync(Frame.Reply, (byte[])[.. reply, .. _headers.WriteNone()], cancel);
        if (final)
        {
            await stream.EndInputAsync();
        }

        opened(stream);
    }

    private Task SendControlAsync(Frame type, byte[] body, CancellationToken cancel)
    {
        byte[] frame = [0x80, 3, 0, (byte)type, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        return tunnel.SendAsync(frame, cancel);
    }
}
