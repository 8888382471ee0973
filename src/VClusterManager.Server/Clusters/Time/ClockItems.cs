using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>The work items that are due when time asks something of a cluster.</summary>
internal static class ClockItems
{
    /// <summary>
    /// Part of the transaction that makes or changes a cluster. An earlier time that is known already stays, and finds that
    /// it came too early.
    /// </summary>
    public static Task EnqueueClockAsync(
        this WorkQueue queue,
        Store store,
        ClusterRow row,
        ExpiryOptions expiry,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ClusterTimes.NextLook(row, expiry, now) is { } look
            ? queue.EnqueueAsync(store, WorkKinds.Clock, row.Id.ToString(), look, cancellation: cancellation)
            : Task.CompletedTask;
}
