using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>
/// The forwarded connections of one client. Each is a pair of streams with one request number: one for the data, one
/// on which an error is told. When both are there, the port in the pod is dialled.
/// </summary>
internal sealed class ForwardedPorts(PodNetwork network, StoredObject pod, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<string, SpdyStream> _errors = [];

    public void Open(SpdyStream stream)
    {
        var request = stream.Headers.GetValueOrDefault("requestid", "");
        switch (stream.Headers.GetValueOrDefault("streamtype"))
        {
            case "error":
                _errors[request] = stream;
                break;
            case "data" when _errors.TryRemove(request, out var error):
                _ = ForwardAsync(stream, error);
                break;
            default:
                // Neither the one nor the other half of a connection: nothing can come of it.
                _ = stream.EndAsync(stopping);
                break;
        }
    }

    private async Task ForwardAsync(SpdyStream data, SpdyStream error)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var text = data.Headers.GetValueOrDefault("port", "");
        try
        {
            var port = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
            await using var target = await network.ConnectAsync(pod, port, over.Token);
            var up = SendUpAsync(data.Input, target, over.Token);
            var down = SendDownAsync(target, data, over.Token);
            await Task.WhenAny(down, data.WasReset);
            await over.CancelAsync();
            await Task.WhenAll(up, down);
            await data.EndAsync(stopping);
            await error.EndAsync(stopping);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            await RefuseAsync(data, error, text);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client went.
        }
    }

    private async Task RefuseAsync(SpdyStream data, SpdyStream error, string port)
    {
        await error.SendAsync(Encoding.UTF8.GetBytes(Refusal(pod, port)), stopping);
        await error.EndAsync(stopping);
        await data.EndAsync(stopping);
    }

    /// <summary>What the node says of a port on which nobody listens.</summary>
    public static string Refusal(StoredObject pod, string port) =>
        $"error forwarding port {port} to pod {pod.Uid}, uid : failed to execute portforward in network namespace \"/var/run/netns/cni-{pod.Uid}\": "
        + $"failed to connect to localhost:{port} inside namespace \"{pod.Uid}\", IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found ";

    private static async Task SendDownAsync(Stream target, SpdyStream data, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await target.ReadAsync(buffer, cancel) is > 0 and var count)
            {
                await data.SendAsync(buffer.AsMemory(0, count), cancel);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client wants no more, or the pod cut the connection: both end it.
        }
    }

    /// <summary>The client may end its direction first and still read.</summary>
    public static async Task SendUpAsync(Stream from, Stream target, CancellationToken cancel)
    {
        try
        {
            await from.CopyToAsync(target, cancel);
            if (target is NetworkStream socket)
            {
                socket.Socket.Shutdown(SocketShutdown.Send);
            }
            else if (target is DuplexStream duplex)
            {
                duplex.EndOutput();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // The other direction ends the connection.
        }
    }
}
