using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Listening;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Containers;

/// <summary>
/// Connects to what a pod listens on: the API of a virtual cluster for the pods of its control plane, else a small
/// page. Port forwarding and the proxies come through here.
/// </summary>
internal sealed class PodNetwork(ContainerWorld world)
{
    private const int ControlPlanePort = 8443;

    /// <summary>Finds the API behind a control plane's pod; null for all other pods.</summary>
    public Func<StoredObject, ClusterPort?> ControlPlaneOf { get; set; } = _ => null;

    /// <summary>Connects, or throws as a connection to where no one listens does.</summary>
    public async Task<Stream> ConnectAsync(StoredObject pod, int port, CancellationToken cancel)
    {
        if (ControlPlaneOf(pod) is { } api)
        {
            return port == ControlPlanePort && api.IsOpen ? await DialAsync(api.Number, cancel) : throw Refused();
        }

        var listener = PodPorts.Listener(pod, port) ?? throw Refused();
        if (!IsRunning(pod, listener.Text("name") ?? ""))
        {
            throw Refused();
        }

        var (mine, theirs) = Duplex();
        _ = PodPage.ServeAsync(theirs, pod, world.Of(pod, listener));
        return mine;
    }

    private static bool IsRunning(StoredObject pod, string container) =>
        pod
            .Json.Objects("status", "containerStatuses")
            .Any(status => status.Text("name") == container && status.Object("state", "running") is not null);

    private static async Task<Stream> DialAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketException Refused() => new((int)SocketError.ConnectionRefused);

    private static (Stream Mine, Stream Theirs) Duplex()
    {
        var (there, back) = (new Pipe(), new Pipe());
        return (
            new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream()),
            new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream())
        );
    }
}
