using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteWorkLoopClaimTests(SqliteDatabase database)
    : WorkLoopClaimTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresWorkLoopClaimTests(PostgresDatabase database)
    : WorkLoopClaimTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class WorkLoopClaimTests(TestDatabase database) : WorkLoopFixture(database)
{
    [Fact]
    public async Task An_interrupt_from_this_process_is_told_at_once()
    {
        await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        // The clock stands still: no renewal is due.
        await EnqueueAsync("a", interrupt: true);

        (await run.StopAsync()).ShouldBe(WorkInterruption.Interrupted);
        run.Fail(new OperationCanceledException());
        (await Handler.NextAsync()).End(WorkOutcome.Done);
        (await ItemAsync()).Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task An_interrupted_run_may_still_save()
    {
        await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();
        await EnqueueAsync("a", interrupt: true);
        await run.StopAsync();
        var cluster = Rows.Cluster();

        await run.Context.SaveAsync(store =>
        {
            store.Add(cluster);
            return Task.CompletedTask;
        });

        (await Database.Stores.ReadAsync(store => store.Clusters.AnyAsync(c => c.Id == cluster.Id))).ShouldBeTrue();
        run.End(WorkOutcome.Done);
        (await Handler.NextAsync()).End(WorkOutcome.Done);
    }

    [Fact]
    public async Task A_run_whose_claim_was_taken_is_told_and_can_save_nothing()
    {
        await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();
        await using (var store = Database.Stores.Open())
        {
            await store.Database.ExecuteSqlAsync(
                $"UPDATE work_items SET epoch = epoch + 1, claimed_by = 'other' WHERE kind = {Handler.Kind}"
            );
        }

        (await PassUntilAsync(run.StopAsync())).ShouldBe(WorkInterruption.ClaimLost);
        await Should.ThrowAsync<ClaimLostException>(() => run.Context.SaveAsync(_ => Task.CompletedTask));
        run.End(WorkOutcome.Done);
        (await ItemAsync()).ClaimedBy.ShouldBe("other");
    }

    [Fact]
    public async Task An_item_that_is_lost_and_won_again_waits_for_its_first_run_to_end()
    {
        await StartAsync(Settings with { Concurrency = 3 });
        await EnqueueAsync("a");
        var first = await Handler.NextAsync();
        await using (var store = Database.Stores.Open())
        {
            await store.Database.ExecuteSqlAsync(
                $"UPDATE work_items SET claimed_by = NULL, claim_until = NULL WHERE kind = {Handler.Kind}"
            );
        }

        Queue.Wake();
        await UntilAsync(item => item.Epoch == 2);
        // Another item is claimed after it, and runs before it.
        await EnqueueAsync("b");
        var other = await Handler.NextAsync();
        other.Context.Claim.Key.ShouldBe("b");
        other.End(WorkOutcome.Done);
        first.End(WorkOutcome.Done);

        var second = await Handler.NextAsync();
        second.Context.Claim.Key.ShouldBe("a");
        second.Context.Claim.Epoch.ShouldBe(2);
        second.End(WorkOutcome.Done);
        await UntilAsync(item => item.ClaimedBy is null && item.DueAt is null);
    }

    [Fact]
    public async Task A_run_whose_claim_is_not_renewed_is_stopped_before_another_may_take_it()
    {
        var settings = new WorkSettings { Renewal = TimeSpan.FromDays(1) };
        await StartAsync(settings);
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        (await PassUntilAsync(run.StopAsync())).ShouldBe(WorkInterruption.ClaimLost);

        // The clock ran on a little while the run was told; far less than the margin.
        (Time.GetUtcNow() - Rows.Noon).ShouldBeGreaterThanOrEqualTo(settings.Lease - settings.Margin);
        run.Fail(new OperationCanceledException());
    }

    [Fact]
    public async Task A_run_whose_claim_is_renewed_goes_on_past_its_lease()
    {
        var settings = new WorkSettings { Lease = TimeSpan.FromMinutes(5), Renewal = TimeSpan.FromSeconds(5) };
        await StartAsync(settings);
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        await PassUntilAsync(UntilTimeAsync(Rows.Noon + (1.25 * settings.Lease)), milliseconds: 300);

        run.Context.Interruption.ShouldBe(WorkInterruption.None);
        await run.Context.SaveAsync(_ => Task.CompletedTask);
        run.End(WorkOutcome.Done);
    }

    [Fact]
    public async Task A_server_that_may_change_nothing_any_more_ends_its_runs_and_claims_nothing_until_it_may_again()
    {
        await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        Access.Close("another database has the host");
        (await run.StopAsync()).ShouldBe(WorkInterruption.ClaimLost);
        run.Fail(new OperationCanceledException());
        await EnqueueAsync("b");
        await PassUntilAsync(UntilTimeAsync(Rows.Noon + (5 * Settings.Poll)));
        Handler.HasNone.ShouldBeTrue();

        // The claim on the first was neither given back nor renewed: it runs out, in an hour.
        Access.Open(Timeout.InfiniteTimeSpan, "");
        var next = await Handler.NextAsync();
        next.Context.Claim.Key.ShouldBe("b");
        next.End(WorkOutcome.Done);
        (await ItemAsync()).ClaimedBy.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stop_lets_the_runs_come_to_their_end_and_claims_nothing_more()
    {
        var loop = await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        // The clock stands still: the time to end by themselves does not pass.
        var stopping = loop.StopAsync(CancellationToken.None);
        await EnqueueAsync("b");
        run.Context.Interruption.ShouldBe(WorkInterruption.None);
        stopping.IsCompleted.ShouldBeFalse();
        run.End(WorkOutcome.Done);

        await stopping.WaitAsync(Limit);
        (await ItemAsync()).DueAt.ShouldBeNull();
        Handler.HasNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stop_tells_the_runs_that_take_too_long_waits_for_them_and_gives_back_their_claims()
    {
        var loop = await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        var stopping = loop.StopAsync(CancellationToken.None);
        (await PassUntilAsync(run.StopAsync())).ShouldBe(WorkInterruption.Stopping);
        stopping.IsCompleted.ShouldBeFalse();
        await run.Context.SaveAsync(_ => Task.CompletedTask);
        run.Fail(new OperationCanceledException());

        await stopping.WaitAsync(Limit);
        var item = await ItemAsync();
        item.ClaimedBy.ShouldBeNull();
        item.Attempts.ShouldBe(0);
        item.DueAt.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(Time.GetUtcNow());
    }

    [Fact]
    public async Task A_stop_does_not_wait_without_end_and_leaves_the_claim_to_run_out()
    {
        var loop = await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();

        var stopping = loop.StopAsync(CancellationToken.None);
        await PassUntilAsync(run.StopAsync());
        await PassUntilAsync(stopping);

        (await ItemAsync()).ClaimedBy.ShouldNotBeNull();
        run.End(WorkOutcome.Done);
    }

    [Fact]
    public async Task Two_servers_share_the_work_and_the_one_that_stops_leaves_it_to_the_other()
    {
        var first = await StartAsync();
        await EnqueueAsync("a");
        var run = await Handler.NextAsync();
        await StartAsync();

        var stopping = first.StopAsync(CancellationToken.None);
        await PassUntilAsync(run.StopAsync());
        run.Fail(new OperationCanceledException());
        await stopping.WaitAsync(Limit);
        Queue.Wake();

        var next = await Handler.NextAsync();
        next.Context.Claim.ClaimedBy.ShouldNotBe(run.Context.Claim.ClaimedBy);
        next.End(WorkOutcome.Done);
    }
}
