using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>The kubeconfig that a managed cluster wrote itself, as it wrote it.</summary>
internal static class ClusterKubeconfig
{
    public static async Task<Outcome<string>> ReadAsync(
        ClusterRow cluster,
        HostReads host,
        HostView view,
        CancellationToken cancellation
    )
    {
        NamespacedName key = new(cluster.Namespace, cluster.Name);
        // The secret is found by name: it is this cluster's only when the workload beside it is.
        if (ClusterStamps.WorkloadOf(cluster, view.Find(key)) is null)
        {
            return NotYet(cluster);
        }
        return await host.KubeconfigAsync(key, cancellation) switch
        {
            HostAnswer<string>.Found found => found.Value,
            HostAnswer<string>.Unreadable unreadable => HostAway(unreadable.Reason),
            _ => NotYet(cluster),
        };
    }

    public static Problem HostAway(string reason) =>
        new(ProblemKind.Unavailable, $"The host cannot be read now: {reason}") { RetryAfter = TimeSpan.FromSeconds(5) };

    private static Problem NotYet(ClusterRow cluster) =>
        new(
            ProblemKind.Conflict,
            $"Cluster {cluster.Namespace}/{cluster.Name} has no kubeconfig yet: it is {cluster.Phase}. {cluster.Message}".TrimEnd()
        );
}
