using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Brings into memory what other servers commit, within a second. The story: the database says that the feed has grown
/// (or the poll comes round); the clusters that the new entries are about are read and published. Only hints come from
/// the feed, the truth is read; what this server has committed itself is known already, and older states change nothing.
/// </summary>
internal sealed partial class FeedFollower(
    StoreFactory stores,
    ClusterView view,
    Database database,
    TimeProvider time,
    ILogger<FeedFollower> logger
) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(700);

    private readonly WakeSignal _grown = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A file has one server: there are no others.
        if (stores.Kind == DatabaseKind.Sqlite)
        {
            return;
        }
        stores.FeedGrown += _grown.Set;
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            long? last = null;
            while (!stoppingToken.IsCancellationRequested)
            {
                last = await TurnAsync(last, stoppingToken);
            }
        }
        finally
        {
            stores.FeedGrown -= _grown.Set;
        }
    }

    private async Task<long?> TurnAsync(long? last, CancellationToken stopping)
    {
        try
        {
            var grown = _grown.Next;
            var next = last is { } known
                ? await FollowAsync(known, stopping)
                : await stores.ReadAsync(store => FeedNumbers.NewestAsync(store, stopping));
            // Whoever begins to follow reads everything once, after the number: nothing falls in between.
            if (last is null)
            {
                await view.ReloadAsync(stopping);
            }
            if (next == last || last is null)
            {
                await WakeSignal.WaitAsync(grown, Poll, time, stopping);
            }
            return next;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.NotRead(logger, e.Message);
            await Task.Delay(Poll, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return last;
        }
    }

    private async Task<long> FollowAsync(long last, CancellationToken stopping)
    {
        var (newest, snapshots) = await stores.ReadAsync(async store =>
        {
            var entries = await store
                .Feed.AsNoTracking()
                .Where(row => row.Id > last)
                .OrderBy(row => row.Id)
                .Select(row => new { row.Id, row.ClusterId })
                .Take(Batch)
                .ToListAsync(stopping);
            var ids = entries.Select(e => e.ClusterId).Distinct().ToList();
            return (
                entries.Count == 0 ? last : entries[^1].Id,
                await ClusterSnapshot.ReadAsync(store, store.Clusters.Where(c => ids.Contains(c.Id)), stopping)
            );
        });
        foreach (var snapshot in snapshots)
        {
            view.Publish(snapshot);
        }
        return newest;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "What other servers do could not be read, tries again: {Reason}"
        )]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
