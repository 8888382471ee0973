using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>Credentials may have been taken away, here or elsewhere: look again. What fails is tried again.</summary>
internal delegate Task CredentialsChanged(CancellationToken cancellation);

/// <summary>
/// Keeps the keys in memory up with the database. The story: another server says that keys have changed (or the poll
/// behind it comes round), the number of changes is asked for, and when it is another one all keys are read anew. A key
/// that is revoked anywhere is refused everywhere within a second.
/// </summary>
internal sealed partial class KeyFollower(
    KnownKeys keys,
    StoreFactory stores,
    Database database,
    IEnumerable<CredentialsChanged> others,
    TimeProvider time,
    ILogger<KeyFollower> logger
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(700);

    /// <summary>A file has one server, which hears of what it does itself.</summary>
    private static readonly TimeSpan PollOfOne = TimeSpan.FromMinutes(1);

    private readonly WakeSignal _changed = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private long? _last;

    /// <summary>Reads what this server has just committed; when that fails, it is tried again until it works.</summary>
    public async Task HearAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
        }
        catch (Exception e)
        {
            Log.NotRead(logger, e.Message);
            _changed.Set();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stores.KeysChanged += _changed.Set;
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await TurnAsync(stoppingToken);
            }
        }
        finally
        {
            stores.KeysChanged -= _changed.Set;
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        var changed = _changed.Next;
        var poll = stores.Kind == DatabaseKind.Sqlite ? PollOfOne : Poll;
        try
        {
            await ReadAsync(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.NotRead(logger, e.Message);
            poll = Poll;
        }

        await WakeSignal.WaitAsync(changed, poll, time, stopping);
    }

    /// <summary>One after the other: what was read earlier never takes the place of what was read later.</summary>
    private async Task ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            // First the number: what is committed in between is read now, and once more.
            var newest = await stores.ReadAsync(store => ApiKeyChanges.NewestAsync(store, cancellation));
            if (newest == _last)
            {
                keys.Heard();
                return;
            }

            keys.Take(await stores.ReadAsync(store => store.ApiKeys.AsNoTracking().ToListAsync(cancellation)));
            foreach (var other in others)
            {
                await other(cancellation);
            }

            _last = newest;
        }
        finally
        {
            _reading.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys could not be read, tries again: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
