using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteWorkQueueTests(SqliteDatabase database)
    : WorkQueueTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresWorkQueueTests(PostgresDatabase database)
    : WorkQueueTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class WorkQueueTests(TestDatabase database) : WorkQueueFixture(database)
{
    [Fact]
    public async Task No_more_is_claimed_than_asked_for_and_the_longest_due_first()
    {
        await EnqueueAsync("third", due: Rows.Noon);
        await EnqueueAsync("first", due: Rows.Noon.AddHours(-2));
        await EnqueueAsync("second", due: Rows.Noon.AddHours(-1));

        (await ClaimAsync("one", max: 2)).Select(claim => claim.Key).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task An_item_is_not_claimed_before_it_is_due_nor_by_those_of_another_kind()
    {
        await EnqueueAsync("later", due: Rows.Noon.AddMinutes(1));

        (await ClaimAsync("one")).ShouldBeEmpty();
        (await Queue.NextDueAsync([Kind], CancellationToken.None)).ShouldBe(Rows.Noon.AddMinutes(1));
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Queue.ClaimAsync("one", ["another kind"], 10, CancellationToken.None)).ShouldBeEmpty();
        (await ClaimAsync("one")).ShouldHaveSingleItem();
        (await Queue.NextDueAsync([Kind], CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(10, 5, 5)]
    [InlineData(5, 10, 5)]
    public async Task The_earlier_due_time_counts(int first, int second, int expected)
    {
        await EnqueueAsync("a", due: Rows.Noon.AddMinutes(first));
        await EnqueueAsync("a", due: Rows.Noon.AddMinutes(second));

        (await Queue.NextDueAsync([Kind], CancellationToken.None)).ShouldBe(Rows.Noon.AddMinutes(expected));
    }

    [Fact]
    public async Task An_enqueue_that_is_rolled_back_leaves_nothing()
    {
        await Should.ThrowAsync<InvalidTimeZoneException>(() =>
            Database.Stores.TransactAsync(
                async store =>
                {
                    await Queue.EnqueueAsync(store, Kind, "a", Rows.Noon);
                    throw new InvalidTimeZoneException();
                },
                CancellationToken.None
            )
        );

        (await ClaimAsync("one")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Done_is_at_rest_until_it_is_enqueued_again()
    {
        await EnqueueAsync("a");
        await CompleteAsync(WorkOutcome.Done);
        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync("one")).ShouldBeEmpty();

        await EnqueueAsync("a");

        (await ClaimAsync("one")).ShouldHaveSingleItem().Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task Again_is_due_after_that_time_and_no_failure()
    {
        await EnqueueAsync("a");
        await CompleteAsync(WorkOutcome.Backoff);
        Time.Advance(Backoff.Longest);
        await CompleteAsync(WorkOutcome.Again(TimeSpan.FromMinutes(7)));

        var row = await ItemAsync("a");
        row.DueAt.ShouldBe(Time.GetUtcNow().AddMinutes(7));
        row.Attempts.ShouldBe(0);
        row.ClaimedBy.ShouldBeNull();
    }

    [Fact]
    public async Task Failures_in_a_row_wait_longer_each_time_until_a_success_or_an_enqueue()
    {
        await EnqueueAsync("a");
        List<TimeSpan> pauses = [];
        for (var i = 0; i < 5; i++)
        {
            await CompleteAsync(WorkOutcome.Backoff);
            pauses.Add((await ItemAsync("a")).DueAt!.Value - Time.GetUtcNow());
            Time.Advance(pauses[^1]);
        }

        // The spread of a fifth to either side cannot make up for a doubling.
        pauses.ShouldBe(pauses.Order());
        (await ItemAsync("a")).Attempts.ShouldBe(5);
        await EnqueueAsync("a");
        (await ItemAsync("a")).Attempts.ShouldBe(0);
    }

    [Theory]
    [InlineData("done")]
    [InlineData("again")]
    [InlineData("backoff")]
    public async Task What_is_enqueued_during_a_run_runs_once_more(string outcome)
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();
        await EnqueueAsync("a", due: Rows.Noon.AddHours(1));

        await Queue.CompleteAsync(
            claim,
            outcome switch
            {
                "done" => WorkOutcome.Done,
                "again" => WorkOutcome.Again(TimeSpan.FromHours(1)),
                _ => WorkOutcome.Backoff,
            }
        );

        var again = (await ClaimAsync("one")).ShouldHaveSingleItem();
        again.Attempts.ShouldBe(0);
        await Queue.CompleteAsync(again, WorkOutcome.Done);
        (await ClaimAsync("one")).ShouldBeEmpty();
    }
}
