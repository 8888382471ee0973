using System.Diagnostics;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteWorkTraceTests(SqliteDatabase database)
    : WorkTraceTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresWorkTraceTests(PostgresDatabase database)
    : WorkTraceTests(database),
        IClassFixture<PostgresDatabase>;

/// <summary>Who asked for a look goes with the item to whoever takes it, and is forgotten when the look was taken.</summary>
public abstract class WorkTraceTests(TestDatabase database) : WorkQueueFixture(database)
{
    [Fact]
    public async Task A_claim_tells_who_asked_also_after_its_holder_has_died()
    {
        using var request = Request();
        await EnqueueAsync("a");

        (await ClaimAsync("one")).ShouldHaveSingleItem().TraceParent.ShouldBe(request.Id);
        await RunOutAsync("a");

        (await ClaimAsync("two")).ShouldHaveSingleItem().TraceParent.ShouldBe(request.Id);
    }

    [Fact]
    public async Task A_look_that_failed_is_taken_again_for_the_same_one()
    {
        using var request = Request();
        await EnqueueAsync("a");
        await CompleteAsync(WorkOutcome.Backoff);
        Time.Advance(TimeSpan.FromMinutes(5));

        (await ClaimAsync("one")).ShouldHaveSingleItem().TraceParent.ShouldBe(request.Id);
    }

    [Fact]
    public async Task The_next_look_is_nobodys()
    {
        using (Request())
        {
            await EnqueueAsync("a");
        }

        await CompleteAsync(WorkOutcome.Again(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(1));

        (await ClaimAsync("one")).ShouldHaveSingleItem().TraceParent.ShouldBeNull();
    }

    [Fact]
    public async Task Who_asks_during_a_look_is_told_of_by_the_next_one_and_a_clock_takes_nothing_from_them()
    {
        await EnqueueAsync("a");
        var claim = (await ClaimAsync("one")).ShouldHaveSingleItem();
        claim.TraceParent.ShouldBeNull();
        using var request = Request();
        await EnqueueAsync("a");
        Activity.Current = null;
        await EnqueueAsync("a");
        (await Queue.CompleteAsync(claim, WorkOutcome.Done)).ShouldBeTrue();

        (await ClaimAsync("one")).ShouldHaveSingleItem().TraceParent.ShouldBe(request.Id);
    }

    private static Activity Request() => new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
}
