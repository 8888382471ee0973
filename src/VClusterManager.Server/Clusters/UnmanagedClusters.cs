using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Virtual clusters that are on the host and that nobody manages here. The watch that shows them may be late: a delete
/// ends only when the host itself has shown that the workload is gone, so for a while after that end what was made
/// before it is not believed to be there, whatever the watch still shows.
/// </summary>
internal sealed class UnmanagedClusters(HostView host, ClusterView clusters, TimeProvider time)
{
    /// <summary>A watch that is silent for 90 s is begun anew; by then it has caught up.</summary>
    private static readonly TimeSpan LatestWatch = TimeSpan.FromMinutes(2);

    /// <summary>Those that the caller may see.</summary>
    // All that is known of a workload is put together only for the few that are not ours.
    public IEnumerable<ObservedCluster> All(Principal who) =>
        Of(host.Owners.Where(key => IsFor(who, key))).Where(IsBelieved);

    /// <summary>Those of that name that the caller may see.</summary>
    public IReadOnlyList<ObservedCluster> Named(ClusterReference which, Principal who) =>
        [.. Shown(which, who).Where(IsBelieved)];

    /// <summary>Whatever the watch shows that the caller may see, for who asks the host itself afterwards.</summary>
    public IReadOnlyList<ObservedCluster> Shown(ClusterReference which, Principal who) =>
        [
            .. Of(
                    host.OwnersNamed(which.Name)
                        .Where(key => which.Namespace is null || key.Namespace == which.Namespace)
                        .Where(key => IsFor(who, key))
                )
                .OrderBy(seen => seen.Key.Namespace, StringComparer.Ordinal),
        ];

    /// <summary>Whosever it is, and whoever asks.</summary>
    public ObservedCluster? In(string @namespace) =>
        Of(host.Owners.Where(key => key.Namespace == @namespace)).FirstOrDefault(IsBelieved);

    private IEnumerable<ObservedCluster> Of(IEnumerable<NamespacedName> owners) =>
        owners.Where(owner => clusters.Find(owner) is null).Select(host.Find).Where(seen => seen.Workload is not null);

    private static bool IsFor(Principal who, NamespacedName key) => who.MaySee(key.Namespace, owner: null);

    private bool IsBelieved(ObservedCluster seen) =>
        !(
            ClusterStamps.IdOf(seen.Workload!.Annotations) is { } id
            && clusters.WhenDeleted(id) is { } end
            && seen.Workload.CreatedAt <= end
            && time.GetUtcNow() - end < LatestWatch
        );
}
