using System.Net;
using System.Net.Sockets;

namespace VClusterManager.Server.Kubernetes.Reaching;

/// <summary>
/// A port of this machine that leads to the API of a virtual cluster while a tool runs which can only dial addresses. It
/// carries bytes: TLS is spoken with the cluster itself, and whoever else finds the port has no credentials for it.
/// </summary>
/// <remarks>Each connection is dialled anew and ends by itself; all of them end with the tunnel.</remarks>
internal sealed partial class ClusterTunnel : IAsyncDisposable
{
    private readonly ClusterDial _dial;
    private readonly NamespacedName _cluster;
    private readonly ILogger _logger;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    public ClusterTunnel(ClusterDial dial, NamespacedName cluster, ILogger logger)
    {
        (_dial, _cluster, _logger) = (dial, cluster, logger);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The kubeconfig with this port for its address, and the name that the cluster's certificate is for.</summary>
    public string Through(string kubeconfig) =>
        KubeconfigServer.Replace(kubeconfig, $"https://{_listener.LocalEndpoint}", ClusterDial.ServerName(_cluster));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> carried = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                carried.RemoveAll(c => c.IsCompleted);
                carried.Add(CarryAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The tunnel has ended.
        }

        await Task.WhenAll(carried);
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        near.NoDelay = true;
        try
        {
            await using var far = await _dial.ConnectAsync(_cluster, _end.Token);
            var local = near.GetStream();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            var (there, back) = (local.CopyToAsync(far, either.Token), far.CopyToAsync(local, either.Token));
            await Task.WhenAny(there, back);
            await either.CancelAsync();
            await Task.WhenAll(there, back);
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The tool sees a connection that was closed, and says so.
            if (e is IOException)
            {
                Log.Ended(_logger, _cluster, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A connection to cluster {Cluster} has ended: {Reason}")]
        public static partial void Ended(ILogger logger, NamespacedName cluster, string reason);
    }
}
