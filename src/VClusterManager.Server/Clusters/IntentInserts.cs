using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;
using OperationKind = VClusterManager.Server.Storage.OperationKind;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Where new clusters are stored: the row, its operation, its work item, what followers are told and the answer that is
/// remembered for an idempotency key are one transaction. After the commit the memory is told, and the workers are woken.
/// </summary>
internal sealed class IntentInserts(
    StoreFactory stores,
    WorkQueue queue,
    ClusterView view,
    ClusterPlaces places,
    RecordedAnswers recorded,
    ManagerOptions options
)
{
    public async Task<Outcome<CreateAnswer>> InsertAsync(
        ClusterRow row,
        Principal who,
        IdempotentRequest? idempotent,
        CancellationToken cancellation
    )
    {
        try
        {
            var outcome = await stores.TransactAsync(
                store => InsertAsync(store, row, who, idempotent, cancellation),
                cancellation
            );
            if (outcome.Problem is null && outcome.Value.Accepted is { } accepted)
            {
                view.Publish(accepted.Cluster);
                queue.Wake();
            }
            return outcome;
        }
        catch (UniqueViolationException)
        {
            // Somebody else was faster between our look and our commit: say what is there now.
            return await stores.TransactAsync(
                async s =>
                    await recorded.RecallAsync(s, idempotent, cancellation)
                    ?? await TakenAsync(s, row, who, cancellation),
                cancellation
            );
        }
    }

    /// <summary>Does all that storing a cluster takes, and takes it back.</summary>
    public Task<Outcome<CreateAnswer>> RehearseAsync(ClusterRow row, CancellationToken cancellation) =>
        stores.RehearseAsync(
            store => InsertAsync(store, row, Principal.System, idempotent: null, cancellation),
            cancellation
        );

    /// <summary>What would stand in the way of this cluster where it wants to go; <see langword="null"/>: nothing.</summary>
    public async Task<Problem?> CheckPlaceAsync(ClusterRow row, Principal who, CancellationToken cancellation)
    {
        await using var store = stores.Open();
        return await places.TakenAsync(store, row, who, cancellation) ?? await FullAsync(store, who, cancellation);
    }

    private async Task<Outcome<CreateAnswer>> InsertAsync(
        Store store,
        ClusterRow row,
        Principal who,
        IdempotentRequest? idempotent,
        CancellationToken cancellation
    )
    {
        if (await recorded.RecallAsync(store, idempotent, cancellation) is { } recalled)
        {
            return recalled;
        }
        if (await places.TakenAsync(store, row, who, cancellation) is { } taken)
        {
            return taken;
        }
        if (await LockedFullAsync(store, who, cancellation) is { } full)
        {
            return full;
        }
        var operation = Intent.OperationOf(row, OperationKind.Create, who, row.CreatedAt);
        row.CurrentOperationId = operation.Id;
        store.Clusters.Add(row);
        store.Operations.Add(operation);
        var accepted = new Accepted(new ClusterSnapshot(row, operation), operation);
        var answer = idempotent?.Answer(accepted);
        if (idempotent is not null)
        {
            recorded.Remember(store, idempotent, answer!);
        }
        // A name that somebody else took meanwhile shows here.
        await store.SaveChangesAsync(cancellation);
        ClusterFeed.Add(store, accepted.Cluster, ClusterEventKind.Created, [operation], row.CreatedAt);
        await queue.EnqueueAsync(
            store,
            WorkKinds.Cluster,
            row.Id.ToString(),
            row.CreatedAt,
            cancellation: cancellation
        );
        await queue.EnqueueClockAsync(store, row, options.VCluster.Expiry, row.CreatedAt, cancellation);
        return new CreateAnswer(accepted, answer);
    }

    private async Task<Outcome<CreateAnswer>> TakenAsync(
        Store store,
        ClusterRow row,
        Principal who,
        CancellationToken cancellation
    ) =>
        await places.TakenAsync(store, row, who, cancellation)
        ?? new Problem(
            ProblemKind.Conflict,
            $"{row.Namespace}/{row.Name} was taken and given back just now: try again."
        );

    private async Task<Problem?> LockedFullAsync(Store store, Principal who, CancellationToken cancellation)
    {
        if (options.VCluster.MaxClusters is not null || who.Limits.MaxClusters is not null)
        {
            await store.LockCountAsync(cancellation);
        }
        return await FullAsync(store, who, cancellation);
    }

    private async Task<Problem?> FullAsync(Store store, Principal who, CancellationToken cancellation)
    {
        if (who.Limits.MaxClusters is not null)
        {
            var own = await store.Clusters.CountAsync(
                c => c.Owner == who.Identity && c.DeletedAt == null,
                cancellation
            );
            if (ClusterLimits.Count(who, own) is { } enough)
            {
                return enough;
            }
        }
        if (options.VCluster.MaxClusters is not { } most)
        {
            return null;
        }
        var count = await store.Clusters.CountAsync(c => c.DeletedAt == null, cancellation);
        return count < most
            ? null
            : new Problem(
                ProblemKind.Conflict,
                $"There are {count} clusters; vcluster.max_clusters allows {most}. Delete one first."
            );
    }
}
