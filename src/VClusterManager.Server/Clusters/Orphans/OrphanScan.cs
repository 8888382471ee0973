using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// Looks over the host for what has no owner. First the host and then the database, so that whatever is seen has its
/// row by then; and all of the host or nothing, since what was not read is not gone and what is not known has an owner.
/// </summary>
internal sealed class OrphanScan(
    HostView view,
    HostReads reads,
    ReleaseReads releases,
    StoreFactory stores,
    WriteAccess access,
    ManagerOptions options
)
{
    public async Task<Outcome<FoundOrphan[]>> LookAsync(CancellationToken cancellation)
    {
        // As long as another database may look after the host, its clusters would look like orphans from here.
        var closed = access.IsOff ? null : access.RefusedNow();
        if ((closed ?? HostProblems.Of(view.Freshness)) is { } problem)
        {
            return problem;
        }
        var picture = await PictureAsync(cancellation);
        if (picture.Problem is { } unreadable)
        {
            return unreadable;
        }
        var known = await KnownAsync(picture.Value, cancellation);
        return new OrphanRules(options.Server.Instance, picture.Value, known).Find();
    }

    /// <summary>Whether a cluster lives in the namespace, or is about to, by now.</summary>
    public Task<bool> IsHomeAsync(string @namespace, CancellationToken cancellation) =>
        stores.ReadAsync(store =>
            store.Clusters.AnyAsync(c => c.DeletedAt == null && c.Namespace == @namespace, cancellation)
        );

    private async Task<Outcome<HostPicture>> PictureAsync(CancellationToken cancellation)
    {
        var belongings = await reads.BelongingsAsync(cancellation);
        if (belongings is not HostAnswer<IReadOnlyList<HostBelonging>>.Found { Value: var found })
        {
            return HostProblems.Unreadable(
                belongings is HostAnswer<IReadOnlyList<HostBelonging>>.Unreadable { Reason: var why }
                    ? why
                    : "no answer"
            );
        }
        var ours = await releases.WithoutWorkloadAsync(cancellation);
        return ours.Problem is { } problem
            ? problem
            : new HostPicture(view.Workloads(), ours.Value, view.Namespaces(), found);
    }

    private Task<KnownClusters> KnownAsync(HostPicture picture, CancellationToken cancellation)
    {
        var (ids, namespaces) = Concerned(picture);
        return stores.ReadAsync(async store =>
        {
            var live = await store
                .Clusters.AsNoTracking()
                .Where(c => c.DeletedAt == null)
                .Select(c => new KnownCluster(c.Id, new NamespacedName(c.Namespace, c.Name)))
                .ToListAsync(cancellation);
            var deleted = await store
                .Clusters.AsNoTracking()
                .Where(c => c.DeletedAt != null && (namespaces.Contains(c.Namespace) || ids.Contains(c.Id)))
                .Select(c => new DeletedCluster(
                    c.Id,
                    new NamespacedName(c.Namespace, c.Name),
                    c.CreatedAt,
                    c.DeletedAt!.Value,
                    c.KeepVolumes,
                    c.Source,
                    c.Owner
                ))
                .ToListAsync(cancellation);
            return new KnownClusters(live, deleted);
        });
    }

    /// <summary>The deleted clusters that the picture could be of: of thousands that are remembered, few.</summary>
    private (List<Guid> Ids, List<string> Namespaces) Concerned(HostPicture picture)
    {
        var homes = picture.Namespaces.Where(n => ClusterStamps.IsOurs(n.Labels, options.Server.Instance)).ToList();
        var ids = picture
            .Workloads.Select(w => ClusterStamps.IdOf(w.Workload!.Annotations))
            .Concat(picture.Releases.Select(r => r.Id))
            .Concat(homes.Select(n => ClusterStamps.IdOf(n.Annotations)))
            .OfType<Guid>();
        var namespaces = picture.Belongings.Select(b => b.Cluster.Namespace).Concat(homes.Select(n => n.Name));
        return ([.. ids.Distinct()], [.. namespaces.Distinct()]);
    }
}
