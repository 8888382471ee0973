using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteWorkClaimTests(SqliteDatabase database)
    : WorkClaimTests(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_lease_runs_out_by_our_clock()
    {
        await EnqueueAsync("a");
        var first = (await ClaimAsync("one")).ShouldHaveSingleItem();

        Time.Advance(Settings.Lease - TimeSpan.FromTicks(1));
        (await ClaimAsync("two")).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromTicks(1));
        var second = (await ClaimAsync("two")).ShouldHaveSingleItem();

        second.Epoch.ShouldBe(first.Epoch + 1);
        second.Attempts.ShouldBe(1);
    }
}

public sealed class PostgresWorkClaimTests(PostgresDatabase database)
    : WorkClaimTests(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_save_that_is_held_up_keeps_no_other_claim_from_being_renewed()
    {
        await EnqueueAsync("saves");
        await EnqueueAsync("waits");
        var claims = (await ClaimAsync("one")).ToDictionary(claim => claim.Key);
        TaskCompletionSource saves = new();
        TaskCompletionSource goesOn = new();
        var save = Queue.SaveUnderClaimAsync(
            claims["saves"],
            _ =>
            {
                saves.SetResult();
                return goesOn.Task;
            }
        );
        await saves.Task;

        var states = await Queue.RenewAsync(claims.Values, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        states[claims["waits"]].ShouldBe(ClaimState.Held);
        states[claims["saves"]].ShouldBe(ClaimState.Busy);
        goesOn.SetResult();
        await save;
        (await Queue.RenewAsync([claims["saves"]], CancellationToken.None))[claims["saves"]].ShouldBe(ClaimState.Held);
    }

    [Fact]
    public async Task A_lease_does_not_care_for_our_clock()
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();

        Time.Advance(TimeSpan.FromDays(1));

        (await ClaimAsync("two")).ShouldBeEmpty();
        (await Queue.RenewAsync([claim], CancellationToken.None))[claim].ShouldBe(ClaimState.Held);
    }

    [Fact]
    public async Task A_claimer_steps_around_an_item_that_is_being_changed()
    {
        await EnqueueAsync("free");
        await EnqueueAsync("locked");
        await using var store = Database.Stores.Open();
        await using var transaction = await store.Database.BeginTransactionAsync();
        await store
            .WorkItems.FromSql($"SELECT * FROM work_items WHERE kind = {Kind} AND key = 'locked' FOR UPDATE")
            .ToListAsync();

        (await ClaimAsync("one")).ShouldHaveSingleItem().Key.ShouldBe("free");
    }
}

public abstract class WorkClaimTests(TestDatabase database) : WorkQueueFixture(database)
{
    [Fact]
    public async Task An_item_is_claimed_by_exactly_one_of_many()
    {
        const int items = 200;
        for (var i = 0; i < items; i++)
        {
            await EnqueueAsync($"{i}");
        }

        var claims = new ConcurrentBag<WorkClaim>();
        var claimers = Enumerable.Range(0, 8).Select(n => Task.Run(() => ClaimAllAsync($"owner-{n}", claims)));
        await Task.WhenAll(claimers).WaitAsync(Limit);

        claims.Select(claim => claim.Key).ShouldBeUnique();
        claims.Count.ShouldBe(items);
        claims.ShouldAllBe(claim => claim.Epoch == 1);
    }

    [Fact]
    public async Task A_stale_claim_saves_nothing()
    {
        await EnqueueAsync("a");
        var stale = (await ClaimAsync("one")).ShouldHaveSingleItem();
        await RunOutAsync("a");
        // Won again by the same owner: the epoch alone tells the two apart.
        var current = (await ClaimAsync("one")).ShouldHaveSingleItem();
        var cluster = Rows.Cluster();

        var lost = await Should.ThrowAsync<ClaimLostException>(() => SaveAsync(stale, cluster));

        lost.Claim.ShouldBe(stale);
        (await ExistsAsync(cluster)).ShouldBeFalse();
        await SaveAsync(current, cluster);
        (await ExistsAsync(cluster)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_claim_that_ran_out_saves_nothing_even_when_nobody_took_it()
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();
        await RunOutAsync("a");
        var cluster = Rows.Cluster();

        await Should.ThrowAsync<ClaimLostException>(() => SaveAsync(claim, cluster));

        (await ExistsAsync(cluster)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_save_under_a_claim_keeps_others_from_taking_it_until_it_is_through()
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();

        await Queue.SaveUnderClaimAsync(
            claim,
            async store =>
            {
                // As if the lease ended in the middle: seen by this transaction alone.
                await store.Database.ExecuteSqlAsync($"UPDATE work_items SET claim_until = 0 WHERE kind = {Kind}");
                if (Database is PostgresDatabase)
                {
                    (await ClaimAsync("two")).ShouldBeEmpty();
                }
            }
        );

        (await ClaimAsync("two")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_stale_claim_can_neither_complete_nor_be_given_back()
    {
        await EnqueueAsync("a");
        var stale = (await ClaimAsync("one")).ShouldHaveSingleItem();
        await RunOutAsync("a");
        var current = (await ClaimAsync("one")).ShouldHaveSingleItem();

        (await Queue.CompleteAsync(stale, WorkOutcome.Done)).ShouldBeFalse();
        (await Queue.ReleaseAsync(stale)).ShouldBeFalse();
        (await Queue.RenewAsync([stale], CancellationToken.None))[stale].ShouldBe(ClaimState.Lost);
        (await Queue.RenewAsync([current], CancellationToken.None))[current].ShouldBe(ClaimState.Held);
    }

    [Fact]
    public async Task A_renewal_tells_each_claim_how_it_stands()
    {
        string[] keys = ["held", "interrupted", "lost"];
        foreach (var key in keys)
        {
            await EnqueueAsync(key);
        }

        var claims = (await ClaimAsync("one")).ToDictionary(claim => claim.Key);
        await EnqueueAsync("held");
        await EnqueueAsync("interrupted", interrupt: true);
        await RunOutAsync("lost");

        var states = await Queue.RenewAsync(claims.Values, CancellationToken.None);

        states[claims["held"]].ShouldBe(ClaimState.Held);
        states[claims["interrupted"]].ShouldBe(ClaimState.Interrupted);
        states[claims["lost"]].ShouldBe(ClaimState.Lost);
    }

    [Fact]
    public async Task An_interrupt_is_for_the_run_that_was_going_on_not_for_the_next()
    {
        await EnqueueAsync("a");
        var first = (await ClaimAsync("one")).ShouldHaveSingleItem();
        await EnqueueAsync("a", interrupt: true);
        await Queue.CompleteAsync(first, WorkOutcome.Done);

        var second = (await ClaimAsync("one")).ShouldHaveSingleItem();

        (await Queue.RenewAsync([second], CancellationToken.None))[second].ShouldBe(ClaimState.Held);
    }

    [Fact]
    public async Task What_is_given_back_is_due_at_once_and_no_failure()
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();

        (await Queue.ReleaseAsync(claim)).ShouldBeTrue();

        var next = (await ClaimAsync("two")).ShouldHaveSingleItem();
        next.Attempts.ShouldBe(0);
        next.Epoch.ShouldBe(claim.Epoch + 1);
    }
}
