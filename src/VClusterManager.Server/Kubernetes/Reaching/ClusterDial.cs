using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Kubernetes.Reaching;

/// <summary>
/// Connects to the API of a virtual cluster. Inside the host by its Service; from anywhere else through the host's API to
/// its pod. The host only carries the bytes: TLS is spoken with the cluster itself.
/// </summary>
internal sealed class ClusterDial(
    AccessOptions options,
    HostConfiguration configuration,
    HostConnection connection,
    HostView view,
    TimeProvider time
)
{
    /// <summary>Where the control plane listens in its pod; its Service leads there.</summary>
    private const int PodPort = 8443;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>By Service where that can be reached: in a pod of the host itself.</summary>
    private bool ByService =>
        options.Connection switch
        {
            ClusterConnection.Service => true,
            ClusterConnection.PortForward => false,
            _ => configuration.Files.Count == 0,
        };

    /// <summary>The name that the cluster's certificate is for.</summary>
    public static string ServerName(NamespacedName key) => $"{key.Name}.{key.Namespace}.svc";

    /// <exception cref="ClusterUnreachableException">There is no connection; the text is for people.</exception>
    public async Task<Stream> ConnectAsync(NamespacedName key, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return ByService ? await DialAsync(key, either.Token) : await ForwardAsync(key, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ClusterUnreachableException($"it did not answer within {Patience.TotalSeconds:0} s", e);
        }
        // The answer to a WebSocket has no words of the host's.
        catch (HostException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            throw new ClusterUnreachableException(
                "the service account may not use pods/portforward on the host, with the verbs get and create",
                e
            );
        }
        catch (Exception e) when (e is SocketException or HostException)
        {
            throw new ClusterUnreachableException(e.Message, e);
        }
    }

    private DnsEndPoint AddressOf(NamespacedName key)
    {
        var address = options
            .ServiceAddress.Replace("{name}", key.Name, StringComparison.Ordinal)
            .Replace("{namespace}", key.Namespace, StringComparison.Ordinal);
        var colon = address.LastIndexOf(':');
        return new DnsEndPoint(address[..colon], int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private async Task<Stream> ForwardAsync(NamespacedName key, CancellationToken cancellation)
    {
        var pods = view.Find(key).Pods.Where(pod => !pod.Deleting).ToList();
        var pod = pods.Find(pod => pod.Ready) ?? (pods.Count > 0 ? pods[0] : null);
        if (pod is null)
        {
            throw new ClusterUnreachableException("no pod of it is running");
        }

        var path = HostResource.Pod.Object(key.Namespace, pod.Name);
        var socket = await connection.OpenSocketAsync(
            string.Create(CultureInfo.InvariantCulture, $"{path}/portforward?ports={PodPort}"),
            PodPortStream.Protocol,
            cancellation
        );
        return new PodPortStream(socket);
    }

    private async Task<Stream> DialAsync(NamespacedName key, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(AddressOf(key), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>There is no way to a cluster now; the text is for people.</summary>
internal sealed class ClusterUnreachableException(string message, Exception? inner = null)
    : IOException(message, inner);
