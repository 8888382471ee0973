using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Whether what the host shows under a cluster's name is that cluster's own. A name proves nothing: a namespace may hold
/// somebody's own release of that name. What proves it is our id: on the workload, on the namespace, or in the values
/// that the release was installed with. Everything that changes or deletes asks here first.
/// </summary>
internal sealed class Ownership(HostReads reads)
{
    /// <summary>Found: whether it is ours. Missing: there is neither a workload nor a release.</summary>
    public async Task<HostAnswer<bool>> OfAsync(ClusterRow row, ObservedCluster seen, CancellationToken cancellation)
    {
        if (seen.Workload is { } workload)
        {
            return new HostAnswer<bool>.Found(ClusterStamps.BelongsTo(workload, row));
        }
        if (seen.Releases is not [var release, ..])
        {
            return new HostAnswer<bool>.Missing();
        }
        if (IsHome(row, seen))
        {
            return new HostAnswer<bool>.Found(true);
        }
        return await reads.ReleaseAsync(seen.Key, release, cancellation) switch
        {
            HostAnswer<HelmReleaseContent>.Found found => new HostAnswer<bool>.Found(IsOurs(row, found.Value)),
            HostAnswer<HelmReleaseContent>.Unreadable unreadable => new HostAnswer<bool>.Unreadable(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => new HostAnswer<bool>.Missing(),
        };
    }

    /// <summary>The namespace was made for this very cluster.</summary>
    public static bool IsHome(ClusterRow row, ObservedCluster seen) =>
        seen.Namespace is { } ns && ClusterStamps.BelongsTo(ns.Annotations, row.Id);

    /// <summary>One that was adopted was installed without our id, but it was seen to be a virtual cluster.</summary>
    private static bool IsOurs(ClusterRow row, HelmReleaseContent release) =>
        ReleaseStamps.IdIn(release.Values) is { } id
            ? id == row.Id.ToString()
            : row.Source == ClusterSources.Adopted && release.Chart == ReleaseStamps.Chart;
}
