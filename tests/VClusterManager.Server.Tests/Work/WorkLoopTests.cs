using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteWorkLoopTests(SqliteDatabase database)
    : WorkLoopTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresWorkLoopTests(PostgresDatabase database)
    : WorkLoopTests(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task What_another_server_enqueues_is_heard_at_once_also_after_the_connection_was_cut()
    {
        var elsewhere = new WorkQueue(database.Stores, Time, Settings);
        await StartAsync();
        using var listener = Listener(Queue, Access);
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(Limit);

        await EnqueueAsync("a", queue: elsewhere);
        var run = await Handler.NextAsync();
        await EnqueueAsync("a", interrupt: true, queue: elsewhere);
        (await run.StopAsync()).ShouldBe(WorkInterruption.Interrupted);
        run.End(WorkOutcome.Done);
        (await Handler.NextAsync()).End(WorkOutcome.Done);
        await UntilAsync(item => item.ClaimedBy is null && item.DueAt is null);

        await database.CutConnectionsAsync();
        await EnqueueAsync("a", queue: elsewhere);
        (await Handler.NextAsync()).End(WorkOutcome.Done);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_server_that_does_no_work_does_not_hear_of_any()
    {
        var options = TestOptions.Over(database.Options);
        using WriteAccess off = new(options with { Server = options.Server with { ReadOnly = true } }, Time);
        WorkQueue idle = new(database.Stores, Time, Settings);
        using var listener = Listener(idle, off);
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(Limit);
        var (woken, interrupted) = (idle.Woken.Next, idle.Interrupted.Next);
        TaskCompletionSource keys = new();
        database.Stores.KeysChanged += keys.SetResult;

        await EnqueueAsync("a", interrupt: true, queue: new WorkQueue(database.Stores, Time, Settings));
        await database.Stores.TransactAsync(
            store => ApiKeyChanges.RaiseAsync(store, CancellationToken.None),
            CancellationToken.None
        );

        // Notifications come in the order of their commits.
        await keys.Task.WaitAsync(Limit);
        database.Stores.KeysChanged -= keys.SetResult;
        (woken.IsCompleted, interrupted.IsCompleted).ShouldBe((false, false));
        await listener.StopAsync(CancellationToken.None);
    }

    private WorkListener Listener(WorkQueue queue, WriteAccess access) =>
        new(
            queue,
            new Hearing(),
            access,
            database.Stores,
            database.Database,
            database.Options,
            TimeProvider.System,
            NullLogger<WorkListener>.Instance
        );
}

public abstract class WorkLoopTests(TestDatabase database) : WorkLoopFixture(database)
{
    [Fact]
    public async Task An_enqueued_item_runs_without_waiting_for_a_poll()
    {
        await StartAsync();

        await EnqueueAsync("a");

        var run = await Handler.NextAsync();
        run.Context.Claim.Key.ShouldBe("a");
        run.End(WorkOutcome.Done);
        await UntilAsync(item => item.ClaimedBy is null && item.DueAt is null);
    }

    [Fact]
    public async Task What_is_enqueued_during_a_run_runs_once_more_after_it_never_beside_it()
    {
        await StartAsync();
        await EnqueueAsync("a");
        var first = await Handler.NextAsync();

        await EnqueueAsync("a");
        await EnqueueAsync("a");
        Handler.HasNone.ShouldBeTrue();
        first.End(WorkOutcome.Done);

        var second = await Handler.NextAsync();
        second.End(WorkOutcome.Done);
        await UntilAsync(item => item.ClaimedBy is null && item.DueAt is null);
        Handler.HasNone.ShouldBeTrue();
        (await ItemAsync()).Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed_and_an_end_makes_room()
    {
        await StartAsync();
        foreach (var key in (string[])["a", "b", "c"])
        {
            await EnqueueAsync(key);
        }

        var first = await Handler.NextAsync();
        var second = await Handler.NextAsync();
        Handler.HasNone.ShouldBeTrue();
        first.End(WorkOutcome.Done);

        var third = await Handler.NextAsync();
        string[] keys = [first.Context.Claim.Key, second.Context.Claim.Key, third.Context.Claim.Key];
        keys.ShouldBe(["a", "b", "c"], ignoreOrder: true);
        second.End(WorkOutcome.Done);
        third.End(WorkOutcome.Done);
    }

    [Fact]
    public async Task A_failed_run_is_tried_again_after_a_pause()
    {
        await StartAsync();
        await EnqueueAsync("a");

        (await Handler.NextAsync()).Fail(new InvalidTimeZoneException());

        await UntilAsync(item => item.ClaimedBy is null && item.Attempts == 1);
        (await ItemAsync()).DueAt!.Value.ShouldBeGreaterThan(Time.GetUtcNow());
        var second = await PassUntilAsync(Handler.NextAsync());
        second.Context.Claim.Attempts.ShouldBe(1);
        second.End(WorkOutcome.Done);
    }

    [Fact]
    public async Task An_item_runs_when_it_gets_due()
    {
        await StartAsync();
        await EnqueueAsync("a", after: TimeSpan.FromSeconds(1));
        Handler.HasNone.ShouldBeTrue();

        var run = await PassUntilAsync(Handler.NextAsync());

        Time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(Rows.Noon.AddSeconds(1));
        run.End(WorkOutcome.Done);
    }
}
