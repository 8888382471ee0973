using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;
using OperationKind = VClusterManager.Server.Storage.OperationKind;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>Opens the delete of a cluster again that had ended.</summary>
internal sealed partial class StrayDeletes(
    StoreFactory stores,
    WorkQueue queue,
    ClusterView clusters,
    HostWrites writes,
    ManagerOptions options,
    TimeProvider time,
    ILogger<StrayDeletes> logger
)
{
    /// <summary>The CLI's mark on a namespace that it made itself.</summary>
    private const string MadeByCli = "vcluster.loft.sh/created";

    private const string Why = "Its workload has appeared on the host after it was deleted: it is taken away again.";

    /// <param name="asked">When the delete was asked for that had ended.</param>
    public async Task OpenAgainAsync(
        Guid id,
        ObservedCluster seen,
        DateTimeOffset asked,
        CancellationToken cancellation
    )
    {
        var opened = await stores.TransactAsync(store => OpenAgainAsync(store, id, cancellation), cancellation);
        if (opened is null)
        {
            Log.NotOpened(logger, seen.Key);
            return;
        }
        clusters.Publish(opened);
        await MarkNamespaceAsync(opened.Row, seen, asked, cancellation);
        queue.Wake();
    }

    /// <summary><see langword="null"/>: another server was faster, or another cluster has the place by now.</summary>
    private async Task<ClusterSnapshot?> OpenAgainAsync(Store store, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (
            await store.Clusters.FindAsync([id], cancellation) is not { DeletedAt: not null } row
            || await ClusterPlaces.ManagedInAsync(store, row, Principal.System, cancellation) is not null
        )
        {
            return null;
        }
        await queue.EnqueueAsync(store, WorkKinds.Cluster, id.ToString(), now, cancellation: cancellation);
        row.Generation++;
        row.Phase = ClusterPhase.Deleting;
        row.Desired = DesiredState.Deleted;
        row.ForceDelete = false;
        row.DeletedAt = null;
        row.Message = Why;
        row.UpdatedAt = now;
        var operation = Intent.OperationOf(row, OperationKind.Delete, Principal.System, now);
        row.CurrentOperationId = operation.Id;
        store.Operations.Add(operation);
        store.ClusterEvents.Add(Intent.EventOf(row, "Stray", Why, Principal.System, now));
        var cluster = new ClusterSnapshot(row, operation);
        ClusterFeed.Add(store, cluster, ClusterEventKind.Changed, [operation], now);
        return cluster;
    }

    /// <summary>
    /// A run that found the namespace gone has made it itself, without our marks: by its own mark, its age and what is in
    /// it, it is that run's, and goes with the rest.
    /// </summary>
    private async Task MarkNamespaceAsync(
        ClusterRow row,
        ObservedCluster seen,
        DateTimeOffset asked,
        CancellationToken cancellation
    )
    {
        if (
            seen.Namespace is { Terminating: false } home
            && home.Annotations.GetValueOrDefault(MadeByCli) == "true"
            && ClusterStamps.InstanceOf(home.Labels) is null
            && ClusterStamps.IdOf(home.Annotations) is null
            && HostTimes.IsSince(home.CreatedAt, asked)
        )
        {
            var labels = ClusterStamps.Labels(options.Server.Instance);
            var marks = ClusterStamps.Identity(row);
            var write = await writes.StampNamespaceAsync(home, labels, marks, cancellation);
            Log.Marked(logger, home.Name, write);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The workload {Key} is left where it is: another server or another cluster has the place by now"
        )]
        public static partial void NotOpened(ILogger logger, NamespacedName key);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The namespace {Name} was made by the same run, and is marked to go with it: {Outcome}"
        )]
        public static partial void Marked(ILogger logger, string name, HostWrite outcome);
    }
}
