using VClusterManager.Server.Clusters;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Has a pull request looked at whenever its cluster changes: when it runs, fails, sleeps, is extended, is about to end, or
/// is gone. The story: memory says that something has changed, here or on another server; clusters of pull requests are
/// compared with what they were at the last look. At the start all of them are new, so that nothing that happened while no
/// server ran is missed. Every server does so: who looks once more finds nothing to do.
/// </summary>
internal sealed partial class ClusterFollower(
    ClusterView view,
    StoreFactory stores,
    WorkQueue queue,
    Database database,
    WriteAccess access,
    TimeProvider time,
    ILogger<ClusterFollower> logger
) : BackgroundService
{
    /// <summary>Changes come in bursts.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Also without a change, since what could not be stored is tried again.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private Dictionary<Guid, Seen> _last = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = view.NextChange();
            try
            {
                if (access.IsOpen)
                {
                    await LookAsync(stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotFollowed(logger, e);
            }

            await WakeSignal.WaitAsync(changed, Poll, time, stoppingToken);
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        Dictionary<Guid, Seen> now = [];
        foreach (var row in view.All.Select(snapshot => snapshot.Row))
        {
            if (row.Source == ClusterSources.PullRequest && PullRequestOwner.KeyOf(row) is { } key)
            {
                now[row.Id] = Seen.Of(row, key);
            }
        }

        string[] changed =
        [
            .. now.Where(entry => !_last.TryGetValue(entry.Key, out var before) || before != entry.Value)
                .Concat(_last.Where(entry => !now.ContainsKey(entry.Key)))
                .Select(entry => entry.Value.PullRequest)
                .Distinct()
                // All in one order: two servers that do this at once wait for each other, and not in a circle.
                .Order(StringComparer.Ordinal),
        ];
        foreach (var batch in changed.Chunk(100))
        {
            await stores.TransactAsync(store => EnqueueAsync(store, batch, cancellation), cancellation);
        }

        if (changed.Length > 0)
        {
            queue.Wake();
        }

        // Only now: what could not be stored has still changed.
        _last = now;
    }

    private async Task EnqueueAsync(Store store, string[] keys, CancellationToken cancellation)
    {
        foreach (var key in keys)
        {
            await queue.EnqueueAsync(store, WorkKinds.PullRequest, key, time.GetUtcNow(), cancellation: cancellation);
        }
    }

    /// <param name="Message">What it says while it is at rest; on its way it says something else every moment.</param>
    private sealed record Seen(
        string PullRequest,
        ClusterPhase Phase,
        DesiredState Desired,
        DateTimeOffset? ExpiresAt,
        TimeSpan? ExpiryWarning,
        string Message
    )
    {
        public static Seen Of(ClusterRow row, string key) =>
            new(
                key,
                row.Phase,
                row.Desired,
                row.ExpiresAt,
                row.ExpiryWarning,
                row.Phase is ClusterPhase.Running or ClusterPhase.Sleeping or ClusterPhase.Failed ? row.Message : ""
            );
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "What becomes of the clusters of pull requests could not be followed"
        )]
        public static partial void NotFollowed(ILogger logger, Exception exception);
    }
}
