using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Keeps the calendar true. The story: when the server starts, see to it that there is a sweep, not further away than the
/// interval that is configured now (a server that starts again and again does not make it come sooner), and that every
/// cluster is looked at in time. Then watch the clock: when it goes back, what was put on the calendar by the time it showed
/// before is far away, and all is done once more.
/// </summary>
internal sealed partial class SweepStart(
    StoreFactory stores,
    WorkQueue queue,
    ClockAim aim,
    Database database,
    ManagerOptions options,
    TimeProvider time,
    ILogger<SweepStart> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Less than this is a clock that was set right: looks come later by no more.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Server.ReadOnly)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        var isTrue = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var shown = time.GetUtcNow();
            isTrue = isTrue || await SetAsync(stoppingToken);
            // A delay is measured, whatever the clock does meanwhile.
            await Task.Delay(Pause, time, stoppingToken);
            var back = shown + Pause - time.GetUtcNow();
            if (back > Notable)
            {
                Log.WentBack(logger, DurationText.Format(back));
                isTrue = false;
            }
        }
    }

    /// <summary>False: it could not be done yet.</summary>
    private async Task<bool> SetAsync(CancellationToken cancellation)
    {
        try
        {
            var due = time.GetUtcNow() + options.VCluster.Expiry.SweepInterval;
            await stores.TransactAsync(
                store => queue.EnqueueAsync(store, WorkKinds.Prune, PruneSweep.Key, due, cancellation: cancellation),
                cancellation
            );
            await aim.RunAsync(cancellation);
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Log.Failed(logger, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The calendar could not be kept yet: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The clock went back by {Back}: what is due is looked up anew"
        )]
        public static partial void WentBack(ILogger logger, string back);
    }
}
