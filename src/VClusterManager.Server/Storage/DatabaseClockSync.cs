using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>Asks PostgreSQL for the time every so often. A file is used by one machine: there the own clock is the one.</summary>
internal sealed partial class DatabaseClockSync(
    StoreFactory stores,
    Database database,
    DatabaseClock clock,
    ILogger<DatabaseClockSync> logger
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (stores.Kind == DatabaseKind.Sqlite)
        {
            return;
        }
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await AskAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException)
            {
                // What was known last is the best there is.
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task AskAsync(CancellationToken stopping)
    {
        var known = clock.Problem;
        await stores.ReadAsync(async store =>
        {
            var before = clock.Own;
            var there = await store
                .Database.SqlQuery<DateTimeOffset>($"SELECT clock_timestamp() AS \"Value\"")
                .SingleAsync(stopping);
            clock.Set(before, there, clock.Own);
            return true;
        });
        if (clock.Problem is { } problem && known is null)
        {
            Log.Off(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Off(ILogger logger, string problem);
    }
}
