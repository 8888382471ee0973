using System.Collections.Immutable;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Operations.Events;

/// <summary>A change as it goes out: its number, what filters look at, and its bytes, the same for every reader.</summary>
internal sealed record FeedEvent(
    long Id,
    string Type,
    string Namespace,
    string Name,
    string? Owner,
    ReadOnlyMemory<byte> Bytes
)
{
    public static FeedEvent Of(FeedRow row) =>
        new(
            row.Id,
            row.Type,
            row.Namespace,
            row.Name,
            row.Owner,
            Encoding.UTF8.GetBytes($"id: {row.Id}\nevent: {row.Type}\ndata: {row.Data}\n\n")
        );

    /// <summary>Comes through every filter, and is no event to who reads it: an id without data.</summary>
    public static FeedEvent Heartbeat(long id) =>
        new(id, EveryReader, "", "", null, Encoding.UTF8.GetBytes($": still here\nid: {id}\n\n"));

    public const string EveryReader = "";
}

/// <summary>
/// Reads the feed once for all readers. The story: the database says that it has grown (a commit of ours, a notification
/// of another server, or the poll behind both); everything after the last number is read, in order, and handed to every
/// reader. A reader that does not keep up is dropped: it comes back with the number it has, and gets the rest from the
/// database. So memory is bounded by readers times the length of their queue.
/// </summary>
internal sealed partial class EventFeed(
    StoreFactory stores,
    Database database,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<EventFeed> logger
) : BackgroundService
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _grown = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ImmutableArray<EventReader> _readers = [];
    private long _last;
    private bool _ended;

    /// <summary>Completes when it knows where the feed stands.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Adds a reader; it gets everything after the number that is returned.</summary>
    public long Join(EventReader reader)
    {
        lock (_gate)
        {
            if (_ended)
            {
                reader.End();
            }
            else
            {
                _readers = _readers.Add(reader);
            }
            return _last;
        }
    }

    public void Leave(EventReader reader)
    {
        lock (_gate)
        {
            _readers = _readers.Remove(reader);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stores.FeedGrown += _grown.Set;
        // Not only when this service is stopped: the web server waits for its streams.
        await using var ending = lifetime.ApplicationStopping.Register(End);
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            await Task.WhenAll(ReadAsync(stoppingToken), BeatAsync(stoppingToken));
        }
        finally
        {
            stores.FeedGrown -= _grown.Set;
        }
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await TurnAsync(stopping);
        }
    }

    /// <summary>
    /// A sign of life for everybody, whatever the database does. It carries the number, so that who sees little of the
    /// feed does not come back with one that is too old.
    /// </summary>
    private async Task BeatAsync(CancellationToken stopping)
    {
        using var beat = new PeriodicTimer(Heartbeat, time);
        while (await beat.WaitForNextTickAsync(stopping))
        {
            lock (_gate)
            {
                Offer([FeedEvent.Heartbeat(_last)]);
            }
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        try
        {
            if (!_ready.Task.IsCompleted)
            {
                _last = await stores.ReadAsync(store => FeedNumbers.NewestAsync(store, stopping));
                _ready.TrySetResult();
            }
            var grown = _grown.Next;
            while (await HandOutAsync(stopping) == Batch) { }
            await WakeSignal.WaitAsync(grown, Poll, time, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.NotRead(logger, e.Message);
            await Task.Delay(Poll, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> HandOutAsync(CancellationToken stopping)
    {
        var last = _last;
        var rows = await stores.ReadAsync(store => After(store, last).Take(Batch).ToListAsync(stopping));
        if (rows.Count == 0)
        {
            return 0;
        }
        var events = rows.ConvertAll(FeedEvent.Of);
        lock (_gate)
        {
            Offer(events);
            _last = events[^1].Id;
        }
        return rows.Count;
    }

    private void Offer(IReadOnlyList<FeedEvent> events)
    {
        var behind = _readers.Where(reader => !reader.Offer(events)).ToList();
        if (behind.Count > 0)
        {
            _readers = _readers.RemoveRange(behind);
            Log.Dropped(logger, behind.Count);
        }
    }

    /// <summary>What was committed after a number, in order.</summary>
    public static IQueryable<FeedRow> After(Store store, long number) =>
        store.Feed.AsNoTracking().Where(row => row.Id > number).OrderBy(row => row.Id);

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var reader in _readers)
            {
                reader.End();
            }
            _readers = [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The feed of changes could not be read, tries again: {Reason}"
        )]
        public static partial void NotRead(ILogger logger, string reason);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Dropped {Count} readers of the feed of changes that did not keep up"
        )]
        public static partial void Dropped(ILogger logger, int count);
    }
}
