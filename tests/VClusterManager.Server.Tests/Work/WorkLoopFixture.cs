using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

/// <summary>Work loops over a clock that the test moves, and a handler whose runs it meets one by one.</summary>
public abstract class WorkLoopFixture(TestDatabase database) : IAsyncLifetime
{
    private protected TestDatabase Database => database;

    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<WorkLoop> _loops = [];

    private protected FakeTimeProvider Time { get; } = new(Rows.Noon);

    // The clock runs fast here: the lease is long, so that only a test that means it sees one end.
    private protected WorkSettings Settings { get; init; } = new() { Concurrency = 2, Lease = TimeSpan.FromHours(1) };

    /// <summary>Of this server, once it is started.</summary>
    private protected WorkQueue Queue { get; private set; } = null!;

    private protected Hearing Hearing { get; } = new();

    /// <summary>Open, without end, until the test closes it.</summary>
    private protected WriteAccess Access => field ??= OpenAccess();

    private protected TestHandler Handler { get; } = new($"kind-{Guid.NewGuid():N}");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
        {
            using (loop)
            {
                await loop.StopAsync(CancellationToken.None).WaitAsync(Limit);
            }
        }

        GC.SuppressFinalize(this);
    }

    private protected async Task<WorkLoop> StartAsync(WorkSettings? settings = null)
    {
        settings ??= Settings;
        Queue = new WorkQueue(database.Stores, Time, settings);
        var loop = new WorkLoop(
            Queue,
            [Handler],
            database.Database,
            Hearing,
            Access,
            settings,
            Time,
            NullLogger<WorkLoop>.Instance
        );
        _loops.Add(loop);
        await loop.StartAsync(CancellationToken.None);
        return loop;
    }

    private WriteAccess OpenAccess()
    {
        var access = new WriteAccess(TestOptions.Over(database.Options), Time);
        access.Open(Timeout.InfiniteTimeSpan, "");
        return access;
    }

    private protected async Task EnqueueAsync(
        string key,
        TimeSpan after = default,
        bool interrupt = false,
        WorkQueue? queue = null
    )
    {
        queue ??= Queue;
        await database.Stores.TransactAsync(
            store => queue.EnqueueAsync(store, Handler.Kind, key, Time.GetUtcNow() + after, interrupt),
            CancellationToken.None
        );
        queue.Wake();
    }

    private protected async Task<T> PassUntilAsync<T>(Task<T> end)
    {
        await PassUntilAsync((Task)end);
        return await end;
    }

    // Lets the clock run in small steps until that has ended: what happens in between takes real time.
    private protected async Task PassUntilAsync(Task end, int milliseconds = 100)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!end.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }

        await end;
    }

    private protected async Task UntilTimeAsync(DateTimeOffset time)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (Time.GetUtcNow() < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }

    private protected async Task UntilAsync(Func<WorkItemRow, bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition(await ItemAsync()))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    private protected Task<WorkItemRow> ItemAsync() =>
        database.Stores.ReadAsync(store =>
            store.WorkItems.AsNoTracking().SingleAsync(item => item.Kind == Handler.Kind && item.Key == "a")
        );
}
