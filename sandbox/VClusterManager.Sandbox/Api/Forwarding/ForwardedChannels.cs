using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>
/// Port forwarding as programs speak it that know no SPDY: every port of the request is one connection with two
/// channels, one for its data and one on which an error is told. Every message begins with the number of its channel,
/// and the first of each channel tells its port.
/// </summary>
internal sealed class ForwardedChannels(
    WebSocket socket,
    PodNetwork network,
    StoredObject pod,
    IReadOnlyList<int> ports
) : IDisposable
{
    public const string Protocol = "v4.channel.k8s.io";

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Pipe[] _inputs = [.. ports.Select(_ => new Pipe())];

    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        for (var i = 0; i < ports.Count; i++)
        {
            var port = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(port, (ushort)ports[i]);
            await SendAsync(2 * i, port, over.Token);
            await SendAsync((2 * i) + 1, port, over.Token);
        }

        var receiving = ReceiveAsync(over.Token);
        var forwarding = Task.WhenAll(ports.Select((port, i) => ForwardAsync(i, port, over.Token)));
        if (await Task.WhenAny(receiving, forwarding) == forwarding)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, over.Token);
            // Ended before the client has read what was said last, the connection would be reset.
            await Task.WhenAny(receiving, Task.Delay(ClosePatience, TimeProvider.System, over.Token));
        }

        await over.CancelAsync();
        await Task.WhenAll(receiving, forwarding);
    }

    public void Dispose() => _sending.Dispose();

    private async Task ForwardAsync(int index, int port, CancellationToken cancel)
    {
        try
        {
            await using var target = await network.ConnectAsync(pod, port, cancel);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var up = ForwardedPorts.SendUpAsync(_inputs[index].Reader.AsStream(), target, over.Token);
            await SendDownAsync(target, 2 * index, cancel);
            await over.CancelAsync();
            await up;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            await SendAsync((2 * index) + 1, Encoding.UTF8.GetBytes(ForwardedPorts.Refusal(pod, $"{port}")), cancel);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // The client went, or the pod cut the connection.
        }
    }

    private async Task SendDownAsync(Stream target, int channel, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        while (await target.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            await SendAsync(channel, buffer.AsMemory(0, count), cancel);
        }
    }

    /// <summary>Hands on what the client sends, until it closes.</summary>
    private async Task ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        var channel = -1;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var data = buffer.AsMemory(0, received.Count);
                if (channel < 0 && data.Length > 0)
                {
                    (channel, data) = (data.Span[0], data[1..]);
                }

                if (channel >= 0 && channel % 2 == 0 && channel / 2 < _inputs.Length)
                {
                    await _inputs[channel / 2].Writer.WriteAsync(data, cancel);
                }

                channel = received.EndOfMessage ? -1 : channel;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // All connections have ended, or the client went.
        }

        foreach (var input in _inputs)
        {
            await input.Writer.CompleteAsync();
        }
    }

    private async Task SendAsync(int channel, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var message = ArrayPool<byte>.Shared.Rent(content.Length + 1);
        await _sending.WaitAsync(cancel);
        try
        {
            message[0] = (byte)channel;
            content.CopyTo(message.AsMemory(1));
            await socket.SendAsync(
                message.AsMemory(0, content.Length + 1),
                WebSocketMessageType.Binary,
                endOfMessage: true,
                cancel
            );
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(message);
        }
    }
}
