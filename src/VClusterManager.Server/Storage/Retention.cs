using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Throws away what nobody asks for any more, a bounded batch at a time, so that no purge holds a lock for long. Safe to
/// run on several replicas at once. Each method returns how many rows of its kind it removed: 0 means that it is through.
/// </summary>
/// <param name="audit">How long entries of the audit are kept.</param>
/// <param name="deliveries">How long deliveries of webhooks are kept.</param>
internal sealed class Retention(StoreFactory stores, TimeSpan audit, TimeSpan deliveries)
{
    /// <summary>How long a deleted cluster, a finished operation and an event are remembered.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(30);

    /// <summary>How long it is remembered what clusters cost: a year, and the month in which it is looked back on.</summary>
    public static readonly TimeSpan Usage = TimeSpan.FromDays(400);

    /// <summary>How long the feed of changes is kept: who was away for longer looks anew.</summary>
    public static readonly TimeSpan Feed = TimeSpan.FromDays(1);

    private const int SmallRows = 500;

    // Each takes up to OperationLog.MaxLines lines with it.
    private const int Operations = 5;

    /// <summary>All that is due at <paramref name="now"/>.</summary>
    public async Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        Func<DateTimeOffset, CancellationToken, Task<int>>[] batches =
        [
            PurgeIdempotencyKeysAsync,
            PurgeOperationsAsync,
            PurgeEventsAsync,
            PurgeFeedAsync,
            PurgeClustersAsync,
            PurgeApiKeysAsync,
            PurgeClusterTokensAsync,
            PurgeUsageAsync,
            PurgeAuditAsync,
            PurgeDeliveriesAsync,
            PurgePullRequestsAsync,
        ];
        var total = 0;
        foreach (var batch in batches)
        {
            for (var purged = await batch(now, cancellation); purged > 0; purged = await batch(now, cancellation))
            {
                total += purged;
            }
        }

        return total;
    }

    public Task<int> PurgeIdempotencyKeysAsync(DateTimeOffset now, CancellationToken cancellation) =>
        DeleteAsync(
            SmallRows,
            store => store.IdempotencyKeys.Where(row => row.ExpiresAt <= now).OrderBy(row => row.ExpiresAt),
            cancellation
        );

    /// <summary>Finished operations with their logs, but for the one that a living cluster still shows.</summary>
    public Task<int> PurgeOperationsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - History;
        return DeleteAsync(
            Operations,
            store =>
                store
                    .Operations.Where(row => row.FinishedAt <= before)
                    .Where(row => !store.Clusters.Any(c => c.CurrentOperationId == row.Id && c.DeletedAt == null))
                    .OrderBy(row => row.CreatedAt),
            cancellation
        );
    }

    public Task<int> PurgeEventsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - History;
        return DeleteAsync(
            SmallRows,
            store => store.ClusterEvents.Where(row => row.At <= before).OrderBy(row => row.At),
            cancellation
        );
    }

    public Task<int> PurgeFeedAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - Feed;
        return DeleteAsync(
            SmallRows,
            store => store.Feed.Where(row => row.At <= before).OrderBy(row => row.Id),
            cancellation
        );
    }

    /// <summary>API keys that ended long ago. Nobody has to hear of it: they let nobody in.</summary>
    public Task<int> PurgeApiKeysAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - History;
        return DeleteAsync(
            SmallRows,
            store => store.ApiKeys.Where(row => row.ExpiresAt <= before).OrderBy(row => row.ExpiresAt),
            cancellation
        );
    }

    /// <summary>Tokens for clusters that have ended, or whose cluster has.</summary>
    public Task<int> PurgeClusterTokensAsync(DateTimeOffset now, CancellationToken cancellation) =>
        DeleteAsync(
            SmallRows,
            store =>
                store
                    .ClusterTokens.Where(row =>
                        row.ExpiresAt <= now || store.Clusters.Any(c => c.Id == row.ClusterId && c.DeletedAt != null)
                    )
                    .OrderBy(row => row.ExpiresAt),
            cancellation
        );

    public Task<int> PurgeUsageAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - Usage;
        return stores.TransactAsync(
            store =>
                UsageTotals.FoldAsync(
                    store,
                    store.UsageSpans.Where(row => row.EndedAt <= before).OrderBy(row => row.EndedAt).Take(SmallRows),
                    cancellation
                ),
            cancellation
        );
    }

    public Task<int> PurgeAuditAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - audit;
        return DeleteAsync(
            SmallRows,
            store => store.Audit.Where(row => row.At <= before).OrderBy(row => row.At),
            cancellation
        );
    }

    /// <summary>Deliveries that came long ago, with their bodies.</summary>
    public Task<int> PurgeDeliveriesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - deliveries;
        return stores.TransactAsync(
            async store =>
            {
                var ids = await store
                    .WebhookDeliveries.Where(row => row.ReceivedAt <= before)
                    .OrderBy(row => row.ReceivedAt)
                    .Select(row => row.Id)
                    .Take(SmallRows)
                    .ToListAsync(cancellation);
                await DeleteRestingAsync(store, ids.ConvertAll(id => id.ToString()), cancellation);
                return await store
                    .WebhookDeliveries.Where(row => ids.Contains(row.Id))
                    .ExecuteDeleteAsync(cancellation);
            },
            cancellation
        );
    }

    /// <summary>
    /// Pull requests that are closed, have no cluster, and of which nothing was heard for as long as history is kept: by
    /// then no delivery comes late.
    /// </summary>
    public Task<int> PurgePullRequestsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - History;
        return stores.TransactAsync(
            async store =>
            {
                var old = store.PullRequests.Where(row =>
                    !row.IsOpen && row.ClusterName == null && row.UpdatedAt <= before
                );
                var keys = await old.OrderBy(row => row.UpdatedAt)
                    .Select(row => row.Key)
                    .Take(SmallRows)
                    .ToListAsync(cancellation);
                await DeleteRestingAsync(store, keys, cancellation);
                // Of those that are still old: one may have been opened again meanwhile.
                return await old.Where(row => keys.Contains(row.Key)).ExecuteDeleteAsync(cancellation);
            },
            cancellation
        );
    }

    /// <summary>
    /// Clusters that were deleted long ago, with what is left of their history and their work items. A work item goes
    /// only when it rests: its epoch is what keeps a late save of an earlier holder out.
    /// </summary>
    public Task<int> PurgeClustersAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - History;
        return stores.TransactAsync(
            async store =>
            {
                var old = store.Clusters.Where(row => row.DeletedAt <= before);
                var ids = await old.OrderBy(row => row.DeletedAt)
                    .Select(row => row.Id)
                    .Take(Operations)
                    .ToListAsync(cancellation);
                var keys = ids.ConvertAll(id => id.ToString());
                await DeleteRestingAsync(store, keys, cancellation);
                // Of those that are still old: one may have been adopted again meanwhile.
                return await old.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellation);
            },
            cancellation
        );
    }

    private static Task<int> DeleteRestingAsync(Store store, List<string> keys, CancellationToken cancellation) =>
        store
            .WorkItems.Where(row => keys.Contains(row.Key) && row.DueAt == null && row.ClaimedBy == null)
            .ExecuteDeleteAsync(cancellation);

    private Task<int> DeleteAsync<T>(int most, Func<Store, IQueryable<T>> expired, CancellationToken cancellation)
        where T : class =>
        stores.TransactAsync(store => expired(store).Take(most).ExecuteDeleteAsync(cancellation), cancellation);
}
