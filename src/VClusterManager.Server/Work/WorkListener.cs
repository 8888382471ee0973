using Microsoft.EntityFrameworkCore;
using Npgsql;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Work;

/// <summary>
/// Hears from PostgreSQL what other servers enqueued and committed. It only makes things quicker: what it misses, the
/// polls find.
/// </summary>
/// <remarks>
/// The story: connect, listen, then send oneself a word through the pool, the way commits go, and hear it come back.
/// A pooler in between takes LISTEN and swallows what it brings, without an error: whoever does not hear the own word
/// is deaf, says so, and polls more often. The word is sent again every so often, and again after each reconnect.
/// </remarks>
internal sealed partial class WorkListener(
    WorkQueue queue,
    Hearing hearing,
    WriteAccess access,
    StoreFactory stores,
    Database database,
    DatabaseOptions options,
    TimeProvider time,
    ILogger<WorkListener> logger
) : BackgroundService
{
    internal const string ProbeChannel = "vcluster_manager_probe";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    internal TimeSpan BetweenProbes { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an own word may take to come back.</summary>
    internal TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;
    private string _heard = "";

    /// <summary>Completes when it has listened for the first time.</summary>
    public Task Listening => _listening.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Kind != DatabaseKind.Postgres)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var pause = Backoff.After(++_failures, Random.Shared.NextDouble());
                hearing.Problem = $"The database's notifications are not heard, polling instead: {e.Message}";
                Log.Cut(logger, e.Message);
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = new NpgsqlConnection(PostgresSettings.SessionConnectionString(options));
        connection.Notification += (_, heard) => Hear(heard);
        await connection.OpenAsync(stopping);
        var channels = string.Join("; ", Channels.Select(channel => $"LISTEN {channel}"));
        await using (var listen = new NpgsqlCommand(channels, connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        _failures = 0;
        Log.Listening(logger);
        // What was said while nobody listened: look for it.
        queue.Woken.Set();
        queue.Interrupted.Set();
        stores.HearOfFeed();
        stores.HearOfKeys();
        _listening.TrySetResult();
        while (true)
        {
            await ProbeAsync(connection, stopping);
            await HearForAsync(connection, BetweenProbes, () => false, stopping);
        }
    }

    private async Task ProbeAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        var word = Guid.NewGuid().ToString("N");
        await stores.ReadAsync(store =>
            store.Database.ExecuteSqlAsync($"SELECT pg_notify({ProbeChannel}, {word})", stopping)
        );
        var heard = await HearForAsync(connection, ProbeLimit, () => _heard == word, stopping);
        if (heard != (hearing.Problem is null))
        {
            Log.Hears(logger, heard ? "again" : "no more: is there a pooler in between? Set database.listen_url");
        }
        hearing.Problem = heard
            ? null
            : "The database's notifications do not arrive (a pooler swallows them?), polling each second instead: set database.listen_url to the database's own address.";
    }

    /// <summary>Hears for so long, or until it has heard enough. Goes by real time: it waits for a real connection.</summary>
    private static async Task<bool> HearForAsync(
        NpgsqlConnection connection,
        TimeSpan limit,
        Func<bool> enough,
        CancellationToken stopping
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!enough())
        {
            var left = limit - TimeProvider.System.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }
            // Counted in whole milliseconds, and none at all means without end.
            await connection.WaitAsync(left + TimeSpan.FromMilliseconds(1), stopping);
        }
        return true;
    }

    /// <summary>A server that does no work need not hear of any, and would keep what it hears.</summary>
    private IEnumerable<string> Channels =>
        [
            StoreFactory.FeedChannel,
            StoreFactory.KeysChannel,
            ProbeChannel,
            .. access.IsOff ? [] : (string[])[WorkSql.Channel],
        ];

    private void Hear(NpgsqlNotificationEventArgs heard)
    {
        switch (heard.Channel)
        {
            case StoreFactory.FeedChannel:
                stores.HearOfFeed();
                break;
            case StoreFactory.KeysChannel:
                stores.HearOfKeys();
                break;
            case ProbeChannel:
                _heard = heard.Payload;
                break;
            default:
                queue.Hear(heard.Payload);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Listening for work that other servers enqueue")]
        public static partial void Listening(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database's notifications are heard {How}")]
        public static partial void Hears(ILogger logger, string how);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Not listening for work that other servers enqueue, polling instead: {Reason}"
        )]
        public static partial void Cut(ILogger logger, string reason);
    }
}
