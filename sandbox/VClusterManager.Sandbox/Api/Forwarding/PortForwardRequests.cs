using System.Globalization;
using System.Net.WebSockets;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>
/// Port forwarding: SPDY frames inside the messages of a WebSocket, as kubectl has sent them since 1.31, or the plain
/// channels of other clients.
/// </summary>
internal static class PortForwardRequests
{
    private const string Protocol = "SPDY/3.1+portforward.k8s.io";

    public static async Task AnswerAsync(ResourceRequest request)
    {
        var pod = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
        var sockets = request.Http.WebSockets;
        if (!sockets.IsWebSocketRequest)
        {
            throw Refusals.BadRequest("Upgrade request required");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            request.Http.RequestAborted,
            request.Cluster.Stopping
        );
        try
        {
            if (sockets.WebSocketRequestedProtocols.Contains(Protocol))
            {
                await TunnelAsync(request, pod, ending.Token);
            }
            else if (sockets.WebSocketRequestedProtocols.Contains(ForwardedChannels.Protocol))
            {
                var ports = PortsOf(request.Http);
                using var socket = await sockets.AcceptWebSocketAsync(ForwardedChannels.Protocol);
                using var channels = new ForwardedChannels(socket, request.Cluster.Network, pod, ports);
                await channels.RunAsync(ending.Token);
            }
            else
            {
                throw Refusals.BadRequest("Upgrade request required");
            }
        }
        catch (Exception exception)
            when (exception is WebSocketException or OperationCanceledException or IOException or InvalidDataException)
        {
            // The client went, the cluster goes, or what came was no SPDY: either way it is over.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private static async Task TunnelAsync(ResourceRequest request, StoredObject pod, CancellationToken ending)
    {
        // Its slash is none that a protocol's name may have, which .NET refuses: the header is set by hand.
        request.Http.Response.Headers.SecWebSocketProtocol = Protocol;
        using var socket = await request.Http.WebSockets.AcceptWebSocketAsync();
        await using var tunnel = new WebSocketTunnel(socket);
        using var connection = new SpdyConnection(tunnel);
        var ports = new ForwardedPorts(request.Cluster.Network, pod, ending);
        await connection.RunAsync(ports.Open, ending);
    }

    private static List<int> PortsOf(HttpContext http)
    {
        var ports = http
            .Request.Query["ports"]
            .SelectMany(list => (list ?? "").Split(','))
            .Select(text =>
                ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
                    ? (int)port
                    : throw Refusals.BadRequest($"invalid port \"{text}\"")
            )
            .ToList();
        return ports.Count > 0 ? ports : throw Refusals.BadRequest("query parameter \"ports\" is required");
    }
}
