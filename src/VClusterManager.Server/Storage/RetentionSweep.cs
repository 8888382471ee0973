using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>Runs the retention every hour, on every replica: what one has removed the next does not find.</summary>
internal sealed partial class RetentionSweep(
    Retention retention,
    Database database,
    ManagerOptions options,
    TimeProvider time,
    ILogger<RetentionSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Server.ReadOnly)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var purged = await retention.PurgeAsync(time.GetUtcNow(), stoppingToken);
                if (purged > 0)
                {
                    Log.Purged(logger, purged);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} rows of old history")]
        public static partial void Purged(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not remove old history; next try in an hour")]
        public static partial void Failed(ILogger logger, Exception cause);
    }
}
