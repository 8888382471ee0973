using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Clusters;

/// <summary>Answers questions about clusters from memory. The database is asked only about what memory does not know.</summary>
internal sealed class ClusterReads(
    ClusterView clusters,
    HostView host,
    UnmanagedClusters others,
    ClusterPlaces places,
    StoreFactory stores
)
{
    /// <summary>Managed clusters and what else is on the host that the caller may see, unordered.</summary>
    public IEnumerable<ClusterEntry> Entries(Principal who)
    {
        var freshness = host.Freshness;
        var line = new Lazy<IReadOnlyList<DateTimeOffset>>(QueueLine);
        var seen = who.SeesAll ? clusters.All : clusters.All.Where(c => who.MaySee(c.Row.Namespace, c.Row.Owner));
        var managed = seen.Select(snapshot => Entry(snapshot, freshness, line));
        return managed.Concat(others.All(who).Select(seen => Unmanaged(seen, freshness)));
    }

    public Cluster Show(ClusterSnapshot snapshot) =>
        ClusterProjection.Of(snapshot, host.Find(snapshot.Key), host.Freshness, QueuePosition(snapshot.Operation));

    /// <summary>The place of a queued operation in the queue, from 1; null when it is not queued.</summary>
    public int? QueuePosition(OperationRow? operation) =>
        operation is { State: OperationState.Queued } ? Place(operation, QueueLine()) : null;

    /// <summary>An operation as the database has it; null: there is none that the caller may see.</summary>
    public Task<OperationRow?> OperationAsync(Guid id, Principal who, CancellationToken cancellation) =>
        stores.ReadAsync(store => SeenBy.Operations(store, who).FirstOrDefaultAsync(o => o.Id == id, cancellation));

    /// <summary>
    /// The cluster that is meant, of those that the caller may see: from memory, and from the database where memory knows
    /// none.
    /// </summary>
    public async Task<Outcome<FoundCluster>> FindAsync(
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    )
    {
        var managed = clusters
            .Named(which.Name)
            .Where(c => which.Namespace is null || c.Row.Namespace == which.Namespace)
            .Where(c => who.MaySee(c.Row.Namespace, c.Row.Owner))
            .ToList();
        var unmanaged = others.Named(which, who);
        if (managed.Count + unmanaged.Count > 1)
        {
            var candidates = managed.Select(m => m.Row.Namespace).Concat(unmanaged.Select(u => u.Key.Namespace));
            return ClusterPlaces.Ambiguous(which.Name, candidates.Order(StringComparer.Ordinal));
        }
        if (managed.Count == 1)
        {
            return new FoundCluster(managed[0], null);
        }
        if (unmanaged.Count == 1)
        {
            return new FoundCluster(null, unmanaged[0]);
        }
        return await FindInDatabaseAsync(which, who, cancellation);
    }

    /// <summary>As <see cref="FindAsync"/>, for what can only be had of a cluster of ours.</summary>
    public async Task<Outcome<ClusterSnapshot>> FindManagedAsync(
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    )
    {
        var found = await FindAsync(which, who, cancellation);
        return found.Problem is { } problem ? problem
            : found.Value.Managed is { } cluster ? cluster
            : ClusterPlaces.NotManaged(found.Value.Unmanaged!);
    }

    private async Task<Outcome<FoundCluster>> FindInDatabaseAsync(
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    ) =>
        await stores.ReadAsync<Outcome<FoundCluster>>(async store =>
        {
            store.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            var found = await places.FindAsync(store, which, who, cancellation);
            if (found.Problem is { } missing)
            {
                return missing;
            }
            var active = await store.ActiveOperationsAsync(found.Value.Id, cancellation);
            var snapshot = new ClusterSnapshot(found.Value, active.Count > 0 ? active[0] : null);
            clusters.Publish(snapshot);
            return new FoundCluster(snapshot, null);
        });

    private ClusterEntry Entry(
        ClusterSnapshot snapshot,
        HostFreshness freshness,
        Lazy<IReadOnlyList<DateTimeOffset>> line
    )
    {
        var row = snapshot.Row;
        return new ClusterEntry(
            row.Id.ToString(),
            snapshot.Key,
            Managed: true,
            ClusterProjection.Status(row.Phase, freshness),
            row.CreatedBy,
            row.Source,
            row.Labels,
            row.CreatedAt,
            row.UpdatedAt,
            row.ExpiresAt,
            () =>
                ClusterProjection.Of(
                    snapshot,
                    host.Find(snapshot.Key),
                    freshness,
                    snapshot.Operation is { State: OperationState.Queued } queued ? Place(queued, line.Value) : null
                )
        );
    }

    private static ClusterEntry Unmanaged(ObservedCluster seen, HostFreshness freshness)
    {
        var shown = ClusterProjection.Unmanaged(seen, freshness);
        return new ClusterEntry(
            shown.Id,
            seen.Key,
            Managed: false,
            shown.Status,
            CreatedBy: null,
            Source: null,
            shown.Labels,
            shown.Created,
            shown.Updated,
            Expires: null,
            () => shown
        );
    }

    /// <summary>When the operations that wait were asked for, in order.</summary>
    private List<DateTimeOffset> QueueLine() =>
        [
            .. clusters
                .All.Where(c => c.Operation is { State: OperationState.Queued })
                .Select(c => c.Operation!.CreatedAt)
                .Order(),
        ];

    private static int Place(OperationRow operation, IReadOnlyList<DateTimeOffset> line) =>
        1 + line.Count(at => at < operation.CreatedAt);
}

/// <summary>A cluster that was found: one of ours, or one that is only on the host.</summary>
internal sealed record FoundCluster(ClusterSnapshot? Managed, ObservedCluster? Unmanaged);
