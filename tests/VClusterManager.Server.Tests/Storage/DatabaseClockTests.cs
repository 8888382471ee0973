using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

/// <summary>A machine whose clock is off goes by the database's.</summary>
public sealed class DatabaseClockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Exact = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(-5, "behind")]
    [InlineData(5, "ahead of")]
    public async Task A_clock_that_is_off_by_minutes_is_put_right_and_said(int minutes, string how)
    {
        var clock = await SyncedAsync(minutes);

        (clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(Exact);
        clock.Problem.ShouldNotBeNull().ShouldContain(how);
    }

    [Fact]
    public async Task A_clock_that_is_right_is_no_problem()
    {
        var clock = await SyncedAsync(0);

        clock.Ahead.Duration().ShouldBeLessThan(Exact);
        clock.Problem.ShouldBeNull();
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task What_a_machine_with_a_wrong_clock_enqueues_is_due_at_once_for_the_others(int minutes)
    {
        var clock = await SyncedAsync(minutes);
        var kind = $"kind-{minutes}";
        var wrong = new WorkQueue(database.Stores, clock, new WorkSettings());
        var right = new WorkQueue(database.Stores, (await SyncedAsync(0)), new WorkSettings());
        await database.Stores.TransactAsync(
            store => wrong.EnqueueAsync(store, kind, "a", clock.GetUtcNow() - Exact),
            CancellationToken.None
        );

        (await right.ClaimAsync("right", [kind], 1, CancellationToken.None)).ShouldHaveSingleItem();
        (await wrong.ClaimAsync("wrong", [kind], 1, CancellationToken.None)).ShouldBeEmpty("its lease holds");
    }

    private async Task<DatabaseClock> SyncedAsync(int minutes)
    {
        var clock = new DatabaseClock(new WrongClock(TimeSpan.FromMinutes(minutes)));
        using var sync = new DatabaseClockSync(
            database.Stores,
            database.Database,
            clock,
            NullLogger<DatabaseClockSync>.Instance
        );
        await sync.AskAsync(CancellationToken.None);
        return clock;
    }

    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
