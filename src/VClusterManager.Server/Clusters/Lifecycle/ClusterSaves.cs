using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Saves what the worker found out, under its claim: reads row and operations afresh, so that an intent that came in
/// between is never written over, and tells the memory after the commit.
/// </summary>
internal sealed class ClusterSaves(ClusterView view, WorkQueue queue, ManagerOptions options, TimeProvider time)
{
    /// <param name="change">Given the row and the operations that have not ended, oldest first.</param>
    public async Task<ClusterSnapshot> SaveAsync(
        WorkContext context,
        Guid cluster,
        Action<Store, ClusterRow, IReadOnlyList<OperationRow>> change
    )
    {
        ClusterSnapshot? saved = null;
        IReadOnlyList<OperationRow> ended = [];
        await context.SaveAsync(async store =>
        {
            var row =
                await store.Clusters.FindAsync([cluster])
                ?? throw new InvalidOperationException($"The row of cluster {cluster} has disappeared.");
            var active = await store.ActiveOperationsAsync(cluster, CancellationToken.None);
            var before = row.Phase;
            change(store, row, active);
            Clean(row, active);
            row.UpdatedAt = time.GetUtcNow();
            if (row.Phase != before)
            {
                await MovedAsync(store, row);
            }
            var driver = ClusterSnapshot.Driver(row, [.. active.Where(IsActive)]);
            row.CurrentOperationId = driver?.Id;
            saved = new ClusterSnapshot(row, driver);
            ended = [.. active.Where(operation => !IsActive(operation))];
            var moved = store.ChangeTracker.Entries<OperationRow>().Where(e => e.State == EntityState.Modified);
            ClusterFeed.Add(
                store,
                saved,
                row.DeletedAt is null ? ClusterEventKind.Changed : ClusterEventKind.Deleted,
                [.. moved.Select(e => e.Entity)],
                row.UpdatedAt
            );
        });
        OperationMetrics.Ended(ended);
        view.Publish(saved!);
        queue.Wake();
        return saved!;
    }

    /// <summary>One that has come up is in use from then on; one that is awake does not sleep for any reason.</summary>
    private Task MovedAsync(Store store, ClusterRow row)
    {
        if (row.Phase == ClusterPhase.Running)
        {
            (row.LastUsedAt, row.SleepCause) = (row.UpdatedAt, null);
        }

        return queue.EnqueueClockAsync(store, row, options.VCluster.Expiry, row.UpdatedAt, CancellationToken.None);
    }

    public void AddEvent(Store store, ClusterRow row, string reason, string message) =>
        store.ClusterEvents.Add(
            Intent.EventOf(row, reason, StorableText.Clean(message), Identity.Principal.System, time.GetUtcNow())
        );

    /// <summary>What tools and pods say may hold what a database cannot: a NUL, half a surrogate pair.</summary>
    private static void Clean(ClusterRow row, IReadOnlyList<OperationRow> operations)
    {
        row.Message = StorableText.Clean(row.Message);
        foreach (var operation in operations)
        {
            operation.Message = StorableText.Clean(operation.Message);
        }
    }

    public static bool IsActive(OperationRow operation) =>
        operation.State is OperationState.Queued or OperationState.Running;
}
