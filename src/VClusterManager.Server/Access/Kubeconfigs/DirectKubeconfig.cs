using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Reaching;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access.Kubeconfigs;

/// <summary>
/// The kubeconfig that a cluster wrote itself, with the credentials of its administrator, and with an address that can be
/// reached: its own where it was told one (<c>exportKubeConfig.server</c>), else its load balancer's, else its Service's.
/// </summary>
internal sealed class DirectKubeconfig(HostReads reads, HostView view)
{
    public async Task<Outcome<string>> ForAsync(ClusterRow cluster, CancellationToken cancellation)
    {
        NamespacedName key = new(cluster.Namespace, cluster.Name);
        var written = await ClusterKubeconfig.ReadAsync(cluster, reads, view, cancellation);
        if (written.Problem is not null)
        {
            return written;
        }

        var text = written.Value;
        if (!KubeconfigServer.IsOnlyForItself(text))
        {
            return text;
        }

        var service = await reads.LoadBalancerAsync(key, cancellation);
        return service switch
        {
            HostAnswer<string?>.Unreadable away => ClusterKubeconfig.HostAway(away.Reason),
            HostAnswer<string?>.Found { Value: { } balancer } => KubeconfigServer.Replace(
                text,
                $"https://{balancer}:443",
                ClusterDial.ServerName(key)
            ),
            _ => KubeconfigServer.Replace(text, $"https://{ClusterDial.ServerName(key)}:443", serverName: null),
        };
    }
}
