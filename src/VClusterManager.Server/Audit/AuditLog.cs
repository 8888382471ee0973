using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>
/// Keeps what the audit is told: as a line of the log at once, and in the database within a second, off the path of the
/// requests. The story: entries queue up; a writer waits for the first, waits a moment for more, and stores them in one
/// transaction. While the database is away it tries again, and the queue fills; when it is full, requests wait, and what
/// still finds no place is said to be lost. When the server stops, the writer goes on until the last request has been
/// answered and the queue is empty.
/// </summary>
internal sealed class AuditLog(StoreFactory stores, Database database, TimeProvider time, AuditLines lines)
    : IHostedLifecycleService,
        IDisposable
{
    public const int Capacity = 10_000;

    private const int MaxBatch = 500;

    /// <summary>Between the first entry and the transaction that stores it: what comes meanwhile goes with it.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request waits for a place in a full queue, and a reader for what is queued.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(Capacity) { SingleReader = true }
    );

    private readonly RefusalCounts _counts = new();
    private readonly SemaphoreSlim _hurry = new(0);
    private readonly CancellationTokenSource _giveUp = new();
    private ITimer? _tick;
    private Task _writing = Task.CompletedTask;

    /// <summary>Keeps an entry. Waits only where the queue is full.</summary>
    public async ValueTask AddAsync(AuditRow row)
    {
        lines.Tell(row);
        if (_queue.Writer.TryWrite(new Item(row)))
        {
            return;
        }
        try
        {
            using CancellationTokenSource patience = new(Patience, time);
            await _queue.Writer.WriteAsync(new Item(row), patience.Token);
        }
        catch (Exception e) when (IsNoPlace(e))
        {
            lines.NoPlace(row);
        }
    }

    /// <summary>Counts a refusal of one caller. See <see cref="RefusalCounts"/>.</summary>
    public void Count(string source, AuditRow refused)
    {
        if (_counts.Add(source, refused) is { } first)
        {
            lines.Tell(first);
            Wake();
        }
    }

    /// <summary>Waits until what was added before is stored; not for long.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        Item asked = new(Row: null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using CancellationTokenSource patience = new(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _queue.Writer.WriteAsync(asked, either.Token);
            _hurry.Release();
            await asked.Stored!.Task.WaitAsync(either.Token);
        }
        catch (Exception e) when (IsNoPlace(e) && !cancellation.IsCancellationRequested)
        {
            // What is stored is shown.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Counts whose minute is over are stored without anybody coming.
        _tick = time.CreateTimer(_ => Wake(), state: null, Tick, Tick);
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>All others have stopped: no request is being answered any more.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        _hurry.Release();
        _giveUp.CancelAfter(Patience);
        await _writing;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _tick?.Dispose();
        _hurry.Dispose();
        _giveUp.Dispose();
    }

    private static bool IsNoPlace(Exception e) => e is OperationCanceledException or ChannelClosedException;

    // A full queue wakes the writer anyway.
    private void Wake()
    {
        if (!_counts.IsEmpty)
        {
            _queue.Writer.TryWrite(new Item(Row: null));
        }
    }

    private async Task WriteAsync()
    {
        var reader = _queue.Reader;
        bool more;
        do
        {
            more = await reader.WaitToReadAsync();
            if (more && reader.Count < MaxBatch)
            {
                await _hurry.WaitAsync(Linger);
            }
            List<AuditRow> rows = [.. _counts.Take(time.GetUtcNow(), all: !more)];
            List<TaskCompletionSource> waiting = [];
            while (rows.Count < MaxBatch && reader.TryRead(out var item))
            {
                if (item.Row is { } row)
                {
                    rows.Add(row);
                }
                if (item.Stored is { } stored)
                {
                    waiting.Add(stored);
                }
            }
            await StoreAsync(rows);
            waiting.ForEach(stored => stored.TrySetResult());
        } while (more);
    }

    private async Task StoreAsync(List<AuditRow> rows)
    {
        while (rows.Count > 0)
        {
            try
            {
                await database.Ready.WaitAsync(_giveUp.Token);
                await stores.TransactAsync(store => PutAsync(store, rows, _giveUp.Token), _giveUp.Token);
                return;
            }
            catch (DatabaseUnavailableException e) when (!_giveUp.IsCancellationRequested)
            {
                lines.Away(rows.Count, e.Message);
                await Task.Delay(Pause, time, _giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                lines.Lost(rows.Count, e);
                return;
            }
        }
    }

    /// <summary>Adds what is new, and sets what was committed with a change, or counted, to how it is now.</summary>
    private static async Task PutAsync(Store store, List<AuditRow> rows, CancellationToken cancellation)
    {
        var ids = rows.ConvertAll(row => row.Id);
        var known = await store.Audit.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellation);
        foreach (var row in rows)
        {
            if (known.TryGetValue(row.Id, out var stored))
            {
                store.Entry(stored).CurrentValues.SetValues(row);
            }
            else
            {
                store.Audit.Add(row);
            }
        }
    }

    /// <param name="Stored">Who waits until all before it is stored.</param>
    private sealed record Item(AuditRow? Row, TaskCompletionSource? Stored = null);
}
