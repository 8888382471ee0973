using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Instances;

/// <summary>
/// Sees to it that one database looks after an instance on a host. The story: hold the lease, or wait for it; before
/// anything is done for the first time, let a database that is new take in what is on the host; then open the way for
/// changes, each time for as long as the lease is surely ours. When it cannot be renewed in time, or another database has
/// it, the way is closed.
/// </summary>
/// <remarks>
/// It is given back only by a server on a file, which has no others beside it, and after its work has ended; the servers
/// of a shared database cannot know whether they are the last, and let it run out.
/// </remarks>
internal sealed partial class InstanceKeeper(
    InstanceLease lease,
    Rebuild rebuild,
    HostView view,
    Database database,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time,
    ILogger<InstanceKeeper> logger
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(3);

    private bool _isReady;
    private bool _held;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All work has ended by now.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (!_held || options.Database.Kind != DatabaseKind.Sqlite)
        {
            return;
        }
        using var limit = new CancellationTokenSource(ReleaseLimit, time);
        try
        {
            access.Close("The server has stopped.");
            await lease.ReleaseAsync(limit.Token);
        }
        catch (Exception e)
        {
            Log.NotReleased(logger, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (access.IsOff)
        {
            return;
        }
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Soon;
            try
            {
                pause = await TurnAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look; returns when to look again.</summary>
    private async Task<TimeSpan> TurnAsync(CancellationToken stopping)
    {
        if (await lease.LookAsync(stopping) is not { } safe)
        {
            return access.IsAnothers ? Between : Soon;
        }
        var looked = time.GetTimestamp();
        _held = true;
        if (!_isReady)
        {
            _isReady = await GetReadyAsync(stopping);
        }
        var left = safe - time.GetElapsedTime(looked);
        if (!_isReady || left <= TimeSpan.Zero)
        {
            return Soon;
        }
        var wasOpen = access.IsOpen;
        access.Open(
            left,
            $"The lease {lease.Key} could not be renewed in time: another server may look after this host by now."
        );
        if (!wasOpen)
        {
            Log.Opened(logger, options.Server.Instance, database.Id, lease.Key);
        }
        return Between;
    }

    // Servers of one database do not all come at the same moment.
    private TimeSpan Between => LeaseDecision.Renewal(lease.Duration) * (0.8 + (0.2 * Random.Shared.NextDouble()));

    private async Task<bool> GetReadyAsync(CancellationToken stopping)
    {
        // The first look at the host ends within a moment of the start: nobody should wait for the next turn because of it.
        await view.WaitForSyncAsync(stopping)
            .WaitAsync(Soon, time, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (view.Freshness is not { Synced: true, Stale: false })
        {
            return false;
        }
        return await rebuild.RunAsync(stopping);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The instance '{Instance}' on this host is looked after by this server's database {Database} (lease {Lease})"
        )]
        public static partial void Opened(ILogger logger, string instance, Guid database, NamespacedName lease);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Could not look after the lease of this instance; tries again"
        )]
        public static partial void Failed(ILogger logger, Exception cause);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The lease was not given back and will run out: {Reason}"
        )]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
