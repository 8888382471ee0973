using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

/// <summary>
/// Clocks that go wrong and right again, and sweeps that begin too early or are cut short. Each test has a database of its
/// own: a sweep looks at all there is.
/// </summary>
public sealed class CalendarTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = Rows.Noon;

    private readonly SqliteDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_host_whose_clock_is_behind_delays_an_end_and_does_not_leave_it_to_the_sweep()
    {
        using var world = new ClockWorld(_database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];

        world.Time.SetUtcNow(Noon.AddHours(1).AddMinutes(10));
        world.HostSays(Noon.AddHours(1).AddSeconds(-30));
        await world.RunDueAsync();
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        var next = (await world.NextDueAsync()).ShouldNotBeNull() - world.Time.GetUtcNow();
        next.ShouldBeInRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));

        world.Time.Advance(next);
        await world.RunDueAsync();

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task Clocks_that_were_a_year_ahead_and_went_back_delay_no_end()
    {
        using var world = new ClockWorld(_database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(3))))[0];
        world.GoTo(Noon.AddYears(1));
        await world.RunDueAsync();
        (await world.NextDueAsync()).ShouldBeNull("it is left to the sweep");
        await world.Calendar.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(async () => await SweepDueAsync(world) == Noon.AddYears(1).AddHours(1));

        world.GoTo(Noon.AddHours(1));
        await Wait.UntilAsync(async () =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(5));
            return await world.NextDueAsync() < Noon.AddHours(2);
        });
        await world.Calendar.StopAsync(CancellationToken.None);
        world.GoTo(Noon.AddHours(2));
        await world.RunDueAsync();
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        world.GoTo(Noon.AddHours(3));
        await world.RunDueAsync();

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task A_schedule_that_was_followed_by_a_clock_that_went_back_is_followed_again()
    {
        using var world = new ClockWorld(_database);
        var row = ClockWorld.Running(ends: null);
        SleepTimes.TryParse("0 20 * * *", null, null, out var times, out _).ShouldBeTrue();
        SleepRules.Set(row, times, Noon.AddYears(1));
        await world.AddAsync(row);

        await world.RunDueAsync();
        world.GoTo(Noon.AddHours(8));
        await world.RunDueAsync();

        (await world.OperationsAsync(OperationKind.Pause)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_sweep_before_the_host_was_read_comes_again_in_a_moment()
    {
        using var world = new ClockWorld(_database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];
        world.GoTo(Noon.AddHours(4));
        world.Watch.Failed("connection refused");
        world.Time.Advance(TimeSpan.FromMinutes(1));

        (await SweepAsync(world)).ShouldBe(WorkOutcome.Again(PruneSweep.Unsure));
        world.Watch.Good();
        (await SweepAsync(world)).ShouldBe(WorkOutcome.Again(TimeSpan.FromHours(1)));

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task A_sweep_that_was_cut_short_has_spent_its_budget_until_the_next_one_is_due()
    {
        using var world = new ClockWorld(_database);
        world.GoTo(Noon.AddHours(4));
        await SweepAsync(world);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];
        world.GoTo(Noon.AddHours(4).AddMinutes(20));

        // A server that has just started, after another was killed.
        (await SweepAsync(world)).ShouldBe(WorkOutcome.Again(TimeSpan.FromMinutes(40)));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);

        world.GoTo(Noon.AddHours(5));
        (await SweepAsync(world)).ShouldBe(WorkOutcome.Again(TimeSpan.FromHours(1)));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task A_sweep_that_failed_before_it_began_is_made_up_for()
    {
        using var world = new ClockWorld(_database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];
        world.GoTo(Noon.AddHours(4));

        (await SweepAsync(world, attempts: 1)).ShouldBe(WorkOutcome.Again(TimeSpan.FromHours(1)));

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task A_sweep_by_a_clock_that_was_ahead_does_not_put_off_those_that_come()
    {
        using var world = new ClockWorld(_database);
        world.GoTo(Noon.AddYears(1));
        await SweepAsync(world);
        world.GoTo(Noon.AddHours(4));
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];

        await SweepAsync(world);

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task One_that_cannot_be_taken_away_does_not_keep_the_others_and_counts_for_the_budget()
    {
        using var world = new ClockWorld(_database);
        var stuck = Rows.Cluster("stuck", createdAt: Noon);
        stuck.EndsAt(Noon.AddMinutes(1));
        var rows = await world.AddAsync(
            stuck,
            ClockWorld.Running(Noon.AddMinutes(2)),
            ClockWorld.Running(Noon.AddMinutes(3))
        );
        await world.Stores.TransactAsync(
            store =>
                store.Database.ExecuteSqlRawAsync(
                    "CREATE TRIGGER stuck BEFORE UPDATE ON clusters WHEN old.name = 'stuck' BEGIN SELECT RAISE(ABORT, 'stuck'); END"
                ),
            CancellationToken.None
        );
        world.GoTo(Noon.AddHours(4));

        var report = await world.Pruner.RunAsync(2, dryRun: false, CancellationToken.None);

        (report.Pruned, report.Left).ShouldBe((1, 2));
        report.Clusters[0].Reason.ShouldContain("could not be taken away");
        (await world.RowAsync(rows[1])).Desired.ShouldBe(DesiredState.Deleted);
        (await world.RowAsync(rows[2])).Desired.ShouldBe(DesiredState.Running);
    }

    [Fact]
    public async Task One_that_comes_back_sleeps_as_before_and_follows_no_time_that_it_missed()
    {
        using var world = new ClockWorld(_database);
        var gone = ClockWorld.Running(ends: null);
        (gone.Phase, gone.Desired, gone.DeletedAt) = (ClusterPhase.Deleted, DesiredState.Deleted, Noon);
        (gone.SleepAfter, gone.SleepCause) = (TimeSpan.FromHours(5), SleepCause.Idle);
        SleepTimes.TryParse("0 13 * * *", null, null, out var times, out _).ShouldBeTrue();
        SleepRules.Set(gone, times, Noon);
        await world.AddAsync(gone);
        world.GoTo(Noon.AddHours(2));
        var found = Rows.Cluster(gone.Name, gone.Namespace, createdAt: world.Time.GetUtcNow(), id: gone.Id);
        (found.Phase, found.UpdatedAt) = (ClusterPhase.Running, world.Time.GetUtcNow());

        (await world.Store.AdoptAsync(found, Principal.System, CancellationToken.None)).Problem.ShouldBeNull();
        await world.RunDueAsync();

        var back = await world.RowAsync(gone);
        (back.Phase, back.SleepCause, back.ScheduleSeenAt).ShouldBe(
            (ClusterPhase.Running, (SleepCause?)null, (DateTimeOffset?)Noon.AddHours(2))
        );
        (await world.NextDueAsync()).ShouldBe(Noon.AddHours(7));
    }

    private static Task<WorkOutcome> SweepAsync(ClockWorld world, int attempts = 0)
    {
        var claim = new WorkClaim(WorkKinds.Prune, PruneSweep.Key, 1, 1, attempts, "test");
        return world.Sweep.HandleAsync(
            new WorkContext(claim, world.Queue, () => WorkInterruption.None, CancellationToken.None)
        );
    }

    private static Task<DateTimeOffset?> SweepDueAsync(ClockWorld world) =>
        world.Queue.NextDueAsync([WorkKinds.Prune], CancellationToken.None);
}
