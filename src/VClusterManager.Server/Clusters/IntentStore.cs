using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;
using OperationKind = VClusterManager.Server.Storage.OperationKind;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Where changed intents are stored: the row, its operation, its work item and what followers are told are one
/// transaction. After the commit the memory is told, and the workers are woken. New clusters come in through
/// <see cref="IntentInserts"/>.
/// </summary>
internal sealed class IntentStore(
    StoreFactory stores,
    WorkQueue queue,
    ClusterView view,
    ClusterPlaces places,
    ManagerOptions options,
    TimeProvider time
)
{
    /// <summary>Changes the intent of one cluster.</summary>
    public async Task<Outcome<Accepted>> ChangeAsync(
        ClusterReference which,
        string? ifMatch,
        Principal who,
        string verb,
        Func<Intent, Problem?> change,
        CancellationToken cancellation
    )
    {
        var outcome = await stores.TransactAsync(
            async store =>
            {
                var found = await places.FindAsync(store, which, who, cancellation);
                if (found.Problem is { } missing)
                {
                    return missing;
                }
                if (ifMatch is not null && !ClusterTag.Matches(ifMatch, found.Value))
                {
                    return new Problem(
                        ProblemKind.PreconditionFailed,
                        $"Cluster {found.Value.Namespace}/{found.Value.Name} has been changed since: its ETag is now {ClusterTag.Of(found.Value)}."
                    );
                }
                return await ApplyAsync(store, found.Value, who, verb, change, cancellation);
            },
            cancellation
        );
        return Published(outcome);
    }

    /// <summary>Changes the intent of a cluster for the manager itself.</summary>
    public async Task<Outcome<Accepted>> ChangeAsync(
        Guid cluster,
        string verb,
        Func<Intent, Problem?> change,
        CancellationToken cancellation
    ) =>
        Published(
            await stores.TransactAsync<Outcome<Accepted>>(
                async store =>
                    await store.Clusters.FindAsync([cluster], cancellation) is { DeletedAt: null } row
                        ? await ApplyAsync(store, row, Principal.System, verb, change, cancellation)
                        : new Problem(ProblemKind.NotFound, "The cluster is gone."),
                cancellation
            )
        );

    /// <summary>Stores a cluster that is on the host already; one that is remembered as deleted comes back.</summary>
    public async Task<Outcome<Accepted>> AdoptAsync(ClusterRow row, Principal who, CancellationToken cancellation)
    {
        try
        {
            return Published(
                await stores.TransactAsync(store => AdoptAsync(store, row, who, cancellation), cancellation)
            );
        }
        catch (UniqueViolationException)
        {
            return new Problem(ProblemKind.Conflict, $"Cluster {row.Namespace}/{row.Name} is managed already.");
        }
    }

    private async Task<Outcome<Accepted>> AdoptAsync(
        Store store,
        ClusterRow row,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (await ClusterPlaces.ManagedInAsync(store, row, who, cancellation) is { } taken)
        {
            return taken;
        }
        var known = await store.Clusters.FindAsync([row.Id], cancellation);
        if (
            known is not null
            && (known.DeletedAt is null || known.Namespace != row.Namespace || known.Name != row.Name)
        )
        {
            return new Problem(
                ProblemKind.Conflict,
                $"Cluster {row.Namespace}/{row.Name} carries the marks of {known.Namespace}/{known.Name}: it is a copy, and cannot be told from it."
            );
        }
        // Its marks are put on the host by the worker.
        await queue.EnqueueAsync(
            store,
            WorkKinds.Cluster,
            row.Id.ToString(),
            row.UpdatedAt,
            cancellation: cancellation
        );
        if (known is null)
        {
            store.Clusters.Add(row);
        }
        else
        {
            known.ComeBackAs(row);
        }
        var adopted = known ?? row;
        await queue.EnqueueClockAsync(store, adopted, options.VCluster.Expiry, row.UpdatedAt, cancellation);
        store.ClusterEvents.Add(Intent.EventOf(adopted, "Adopted", "Taken under management.", who, row.UpdatedAt));
        var cluster = new ClusterSnapshot(adopted, null);
        ClusterFeed.Add(store, cluster, ClusterEventKind.Created, [], row.UpdatedAt);
        return new Accepted(cluster, null);
    }

    /// <summary>Asks an operation to end.</summary>
    public async Task<Outcome<Accepted>> CancelAsync(Guid operation, Principal who, CancellationToken cancellation)
    {
        var outcome = await stores.TransactAsync<Outcome<Accepted>>(
            async store =>
            {
                var row = await store.Operations.FindAsync([operation], cancellation);
                var cluster = row is null ? null : await store.Clusters.FindAsync([row.ClusterId], cancellation);
                if (row is null || (cluster is not null && !who.MaySee(cluster.Namespace, cluster.Owner)))
                {
                    return new Problem(ProblemKind.NotFound, $"There is no operation {operation}.");
                }
                if (row.State is not (OperationState.Queued or OperationState.Running))
                {
                    return new Problem(
                        ProblemKind.Conflict,
                        $"The operation has ended already: it is {row.State.ToString().ToLowerInvariant()}."
                    );
                }
                if (cluster is not null && cluster.CurrentOperationId != row.Id)
                {
                    return new Problem(
                        ProblemKind.Conflict,
                        "What it wants is part of the cluster already, and comes with the operation before it: change the cluster again instead."
                    );
                }
                return cluster is null
                    ? new Problem(ProblemKind.NotFound, "The operation's cluster is gone.")
                    : await ApplyAsync(
                        store,
                        cluster,
                        who,
                        "cancelled",
                        intent => Cancel(intent, row, who),
                        cancellation,
                        interrupt: true
                    );
            },
            cancellation
        );
        return Published(outcome);
    }

    private static Problem? Cancel(Intent intent, OperationRow row, Principal who)
    {
        if (intent.Move(LifecycleEvent.CancelAsked) is { } refused)
        {
            return refused;
        }
        row.CancelRequested = true;
        row.Message = $"{who.Name} asked to cancel it.";
        return null;
    }

    private Outcome<Accepted> Published(Outcome<Accepted> outcome)
    {
        if (outcome.Problem is null)
        {
            OperationMetrics.Ended(outcome.Value.Ended);
            view.Publish(outcome.Value.Cluster);
            queue.Wake();
        }
        return outcome;
    }

    private async Task<Outcome<Accepted>> ApplyAsync(
        Store store,
        ClusterRow row,
        Principal who,
        string verb,
        Func<Intent, Problem?> change,
        CancellationToken cancellation,
        bool interrupt = false
    )
    {
        var now = time.GetUtcNow();
        var active = await store.ActiveOperationsAsync(row.Id, cancellation);
        var last = active.Count > 0 ? active[^1].Kind : await LastFailureAsync(store, row, cancellation);
        var intent = new Intent(store, row, active, last, verb, who, now);
        if (change(intent) is { } refused)
        {
            store.ChangeTracker.Clear();
            return refused;
        }
        row.UpdatedAt = now;
        if (!ReferenceEquals(who, Principal.System))
        {
            row.LastUsedAt = now;
        }
        // The work item first, the rows with the commit: everybody locks in that order.
        if (intent.NeedsWork)
        {
            await queue.EnqueueAsync(
                store,
                WorkKinds.Cluster,
                row.Id.ToString(),
                now,
                intent.Interrupt || interrupt,
                cancellation: cancellation
            );
        }
        await queue.EnqueueClockAsync(store, row, options.VCluster.Expiry, now, cancellation);
        var cluster = intent.Snapshot();
        var touched = intent.Touched();
        ClusterFeed.Add(store, cluster, ClusterEventKind.Changed, touched, now);
        return new Accepted(cluster, intent.Operation)
        {
            Ended = [.. touched.Where(operation => !ClusterSaves.IsActive(operation))],
        };
    }

    /// <summary>What a retry repeats. Sleep and wake of what is not there cannot be: it is made again.</summary>
    private async Task<OperationKind?> LastFailureAsync(Store store, ClusterRow row, CancellationToken cancellation)
    {
        var last = await store.LastFailureAsync(row.Id, cancellation);
        return last is OperationKind.Pause or OperationKind.Resume && places.IsSeenMissing(row) ? null : last;
    }
}
