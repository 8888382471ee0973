using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>Writes down once a minute, when it is pressing, and when the server stops, what was used since.</summary>
internal sealed partial class LastUseWriter(
    IEnumerable<LastUse> uses,
    StoreFactory stores,
    Database database,
    ManagerOptions options,
    TimeProvider time,
    ILogger<LastUseWriter> logger
) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>What is pressing comes in crowds: written down together.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (database.IsReady && !options.Server.ReadOnly)
        {
            await WriteAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Server.ReadOnly)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        List<Task> pressed = [.. uses.Select(use => use.Pressed)];
        while (!stoppingToken.IsCancellationRequested)
        {
            using (var written = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny([.. pressed, Task.Delay(Interval, time, written.Token)]);
                await written.CancelAsync();
            }

            stoppingToken.ThrowIfCancellationRequested();
            await Task.Delay(Moment, time, stoppingToken);
            pressed = [.. uses.Select(use => use.Pressed)];
            await WriteAsync(stoppingToken);
        }
    }

    internal async Task WriteAsync(CancellationToken cancellation)
    {
        foreach (var use in uses)
        {
            try
            {
                await use.WriteAsync(stores, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // It is only a hint: the next minute will do.
                Log.NotWritten(logger, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Last uses could not be written: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
