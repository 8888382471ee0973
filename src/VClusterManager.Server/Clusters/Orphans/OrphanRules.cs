using VClusterManager.Contracts;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// What on the host is ours and belongs to no cluster of ours. Pure. Everything hangs on marks that this manager put
/// there: the instance on workloads, releases and namespaces, and the id of a cluster. What carries another instance's
/// mark is that one's, what carries none is somebody's, and neither is an orphan.
/// </summary>
internal sealed class OrphanRules(string instance, HostPicture host, KnownClusters known)
{
    private readonly HashSet<NamespacedName> _workloads = [.. host.Workloads.Select(w => w.Key)];
    private readonly HashSet<NamespacedName> _releases = [.. host.Releases.Select(r => r.Key)];
    private readonly Dictionary<string, ObservedNamespace> _namespaces = host.Namespaces.ToDictionary(n => n.Name);

    public FoundOrphan[] Find() =>
        [
            .. host.Workloads.Select(OfWorkload).OfType<FoundOrphan>(),
            .. host.Releases.Select(OfRelease).OfType<FoundOrphan>(),
            .. host.Namespaces.Select(OfNamespace).OfType<FoundOrphan>(),
            .. host.Belongings.Select(OfBelonging).OfType<FoundOrphan>(),
        ];

    private FoundOrphan? OfWorkload(ObservedCluster seen)
    {
        var workload = seen.Workload!;
        var id = ClusterStamps.IdOf(workload.Annotations);
        if (ClusterStamps.InstanceOf(workload.Labels) != instance || known.Find(id)?.Key == seen.Key)
        {
            return null;
        }
        var row = known.FindDeleted(id);
        var what = new HostTrace(
            workload.Kind.ToString(),
            seen.Key.Namespace,
            seen.Key.Name,
            workload.Uid,
            workload.Deleting,
            []
        );
        return new FoundOrphan(
            OrphanKind.Workload,
            what,
            seen.Key,
            id,
            row,
            Why(id, row, workload.CreatedAt),
            workload.CreatedAt
        );
    }

    private FoundOrphan? OfRelease(OwnRelease release)
    {
        if (_workloads.Contains(release.Key) || known.Find(release.Id)?.Key == release.Key)
        {
            return null;
        }
        var row = known.FindDeleted(release.Id);
        var newest = release.Newest;
        var what = new HostTrace("Secret", release.Key.Namespace, newest.SecretName, newest.Uid, Deleting: false, []);
        var why = $"There is no workload of this release. {Why(release.Id, row, newest.ModifiedAt)}";
        return new FoundOrphan(OrphanKind.Release, what, release.Key, release.Id, row, why, newest.ModifiedAt);
    }

    private FoundOrphan? OfNamespace(ObservedNamespace home)
    {
        if (
            !ClusterStamps.IsOurs(home.Labels, instance)
            || known.IsHome(home.Name)
            || _workloads.Any(key => key.Namespace == home.Name)
            || _releases.Any(key => key.Namespace == home.Name)
        )
        {
            return null;
        }
        var id = ClusterStamps.IdOf(home.Annotations);
        var row = known.FindDeleted(id);
        var what = new HostTrace("Namespace", null, home.Name, home.Uid, home.Terminating, []);
        return new FoundOrphan(
            OrphanKind.Namespace,
            what,
            row?.Key ?? OnlyClusterIn(home.Name),
            id,
            row,
            row is { KeepVolumes: true }
                ? $"It was kept with the volumes of a cluster that was deleted at {At(row)}."
                : $"No cluster is in it. {Why(id, row, home.CreatedAt)}",
            home.CreatedAt
        );
    }

    /// <summary>As what lies in it says; <see langword="null"/>: there is nothing, or it says this and that.</summary>
    private NamespacedName? OnlyClusterIn(string @namespace)
    {
        var keys = host.Belongings.Select(b => b.Cluster).Where(key => key.Namespace == @namespace).Distinct().ToList();
        return keys is [var only] ? only : null;
    }

    private FoundOrphan? OfBelonging(HostBelonging belonging)
    {
        var (what, key) = (belonging.Object, belonging.Cluster);
        if (_workloads.Contains(key) || _releases.Contains(key) || known.Find(key) is not null)
        {
            return null;
        }
        var home = _namespaces.GetValueOrDefault(key.Namespace);
        var its = ClusterStamps.InstanceOf(home?.Labels ?? new Dictionary<string, string>());
        var id = ClusterStamps.IdOf(belonging.Annotations);
        var row = known.FindDeleted(id) ?? known.FindDeleted(key, row => WasThen(row, belonging));
        if (its is { } owner ? owner != instance : row is null)
        {
            return null;
        }
        return new FoundOrphan(
            KindOf(what),
            what,
            key,
            id ?? row?.Id,
            row,
            row is { KeepVolumes: true } && what.Kind == "PersistentVolumeClaim"
                ? $"It was kept when its cluster was deleted at {At(row)}."
                : Why(id ?? row?.Id, row, belonging.CreatedAt),
            belonging.CreatedAt
        );
    }

    /// <summary>
    /// In a namespace that is not ours a name is no proof; that it was made while our cluster had that place is: a
    /// namespace holds one. One that was adopted was there before us.
    /// </summary>
    private static bool WasThen(DeletedCluster row, HostBelonging belonging) =>
        belonging.CreatedAt <= row.DeletedAt
        && (HostTimes.IsSince(belonging.CreatedAt, row.CreatedAt) || row.Source == ClusterSources.Adopted);

    private string Why(Guid? id, DeletedCluster? row, DateTimeOffset created)
    {
        if (known.Find(id) is { } copied)
        {
            return $"Its marks are those of the cluster {copied.Key}, which is somewhere else.";
        }
        if (row is not null)
        {
            return created > row.DeletedAt
                ? $"Its cluster {row.Key} was deleted at {At(row)}, and this came after it."
                : $"Its cluster {row.Key} was deleted at {At(row)}.";
        }
        return id is null
            ? "It carries the mark of this manager, and that of no cluster."
            : $"The database knows no cluster {id}.";
    }

    private static string At(DeletedCluster row) => $"{row.DeletedAt:yyyy-MM-dd HH:mm:ss}Z";

    private static OrphanKind KindOf(HostTrace what) =>
        what.Kind switch
        {
            "PersistentVolumeClaim" => OrphanKind.Volume,
            "ConfigMap" => OrphanKind.ConfigMap,
            _ => OrphanKind.Secret,
        };
}
