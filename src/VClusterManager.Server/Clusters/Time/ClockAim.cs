using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Sees to it that every cluster is looked at when time next asks something of it. Each change of a cluster does so for
/// itself; this is for what changed around it: pruning that was switched on, other warnings, a database that was restored,
/// a clock that was far ahead and has put looks into a time that is far away now. A look too many does no harm.
/// </summary>
internal sealed class ClockAim(StoreFactory stores, WorkQueue queue, ManagerOptions options, TimeProvider time)
{
    private const int Some = 200;

    /// <returns>How many would have been looked at too late.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var late = await LateAsync(cancellation);
        foreach (var some in late.Chunk(Some))
        {
            await stores.TransactAsync(
                async store =>
                {
                    foreach (var (key, look) in some)
                    {
                        await queue.EnqueueAsync(store, WorkKinds.Clock, key, look, cancellation: cancellation);
                    }
                },
                cancellation
            );
        }

        if (late.Count > 0)
        {
            queue.Wake();
        }

        return late.Count;
    }

    private Task<List<(string Key, DateTimeOffset Look)>> LateAsync(CancellationToken cancellation) =>
        stores.ReadAsync(async store =>
        {
            var now = time.GetUtcNow();
            var rows = await store
                .Clusters.AsNoTracking()
                .Where(c => c.DeletedAt == null && c.Desired != DesiredState.Deleted)
                .OrderBy(c => c.Id)
                .ToListAsync(cancellation);
            var items = await store
                .WorkItems.AsNoTracking()
                .Where(item => item.Kind == WorkKinds.Clock)
                .ToDictionaryAsync(item => item.Key, cancellation);
            List<(string Key, DateTimeOffset Look)> late = [];
            foreach (var row in rows)
            {
                var key = row.Id.ToString();
                if (
                    ClusterTimes.NextLook(row, options.VCluster.Expiry, now) is { } look
                    // One that is being looked at just now says itself when to look next.
                    && !(items.TryGetValue(key, out var item) && (item.ClaimedBy is not null || item.DueAt <= look))
                )
                {
                    late.Add((key, look));
                }
            }

            return late;
        });
}
