using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;
using OperationKind = VClusterManager.Server.Storage.OperationKind;

namespace VClusterManager.Server.Tests.Clusters.Time;

public sealed class SqliteClusterClockTests(SqliteDatabase database)
    : ClusterClockTests(database),
        IClassFixture<SqliteDatabase>;

[Collection(nameof(PostgresServer))]
public sealed class PostgresClusterClockTests(PostgresDatabase database)
    : ClusterClockTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class ClusterClockTests(TestDatabase database)
{
    private static readonly DateTimeOffset Noon = Rows.Noon;

    [Fact]
    public async Task A_cluster_is_warned_of_twice_and_goes_at_its_end()
    {
        using var world = new ClockWorld(database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(24))))[0];

        await At(world, Noon.AddHours(22));
        (await world.EventsAsync(row)).ShouldBe(["ExpiresSoon"]);
        await At(world, Noon.AddHours(23.75));
        (await world.EventsAsync(row)).ShouldBe(["ExpiresSoon", "ExpiresSoon"]);
        await At(world, Noon.AddHours(24).AddTicks(-1));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        await At(world, Noon.AddHours(24));

        var gone = await world.RowAsync(row);
        (gone.Phase, gone.Desired, gone.DeletedBy).ShouldBe((ClusterPhase.Deleting, DesiredState.Deleted, "system"));
        gone.DeletedReason.ShouldBe("its time to live ended at 2030-01-02 12:00:00Z");
        (await DeletesAsync(world, row)).ShouldBe(1);
        await At(world, Noon.AddHours(30));
        (await DeletesAsync(world, row)).ShouldBe(1);
    }

    [Fact]
    public async Task A_warning_changes_no_tag_and_is_a_condition_until_somebody_extends_it()
    {
        using var world = new ClockWorld(database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(24))))[0];
        var tag = ClusterTag.Of(row);
        await At(world, Noon.AddHours(22));

        var warned = world.Clusters.Find(row.Id).ShouldNotBeNull();
        ClusterTag.Of(warned.Row).ShouldBe(tag);
        Show(world, warned).Conditions.ShouldContain(c => c.Type == "Expiring" && c.Message.Contains("12:00:00Z"));
        Show(world, warned).Message.ShouldContain("It ends at 2030-01-02 12:00:00Z");
        (await ExtendAsync(world, row, 24)).ShouldBeNull();

        var extended = world.Clusters.Find(row.Id).ShouldNotBeNull();
        Show(world, extended).Conditions.ShouldNotContain(c => c.Type == "Expiring");
        await At(world, Noon.AddHours(24));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        await At(world, Noon.AddHours(46));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task One_that_sleeps_or_has_failed_goes_at_its_end_too_and_is_not_woken()
    {
        using var world = new ClockWorld(database);
        var asleep = ClockWorld.Running(Noon.AddHours(3));
        (asleep.Phase, asleep.Desired) = (ClusterPhase.Sleeping, DesiredState.Sleeping);
        var failed = ClockWorld.Running(Noon.AddHours(3));
        failed.Phase = ClusterPhase.Failed;
        await world.AddAsync(asleep, failed);

        await At(world, Noon.AddHours(3));

        foreach (var row in new[] { asleep, failed })
        {
            (await world.RowAsync(row)).Phase.ShouldBe(ClusterPhase.Deleting);
            (await OperationsAsync(world, row)).ShouldBe([OperationKind.Delete]);
        }
    }

    [Fact]
    public async Task A_host_that_cannot_be_read_has_nothing_taken_away_until_it_can()
    {
        using var world = new ClockWorld(database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];
        world.Watch.Failed("connection refused");

        await At(world, Noon.AddHours(1));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        world.Watch.Good();
        await At(world, Noon.AddHours(1).AddSeconds(5));

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_makes_nothing_end_before_the_host_says_so()
    {
        using var world = new ClockWorld(database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];

        // Ours alone: four minutes are not so much that it would be left to the sweep.
        world.Time.SetUtcNow(Noon.AddHours(1).AddMinutes(4));
        world.HostSays(Noon.AddMinutes(4));
        await world.RunDueAsync();

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        world.Guard.Problem.ShouldNotBeNull().ShouldContain("1h ahead of the host's");
    }

    [Fact]
    public async Task What_is_found_much_too_late_is_left_to_the_sweep()
    {
        using var world = new ClockWorld(database);
        var row = (await world.AddAsync(ClockWorld.Running(Noon.AddHours(1))))[0];

        await At(world, Noon.AddHours(2));

        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Running);
        world.Pruner.CountOverdue().ShouldBeGreaterThan(0);
        await world.Pruner.RunAsync(budget: 1000, dryRun: false, CancellationToken.None);
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task One_whose_look_was_lost_is_found_again_and_goes_at_its_end()
    {
        using var world = new ClockWorld(database);
        var row = ClockWorld.Running(Noon.AddHours(3));
        await world.Stores.TransactAsync(store => Task.FromResult(store.Add(row)), CancellationToken.None);

        (await world.Aim.RunAsync(CancellationToken.None)).ShouldBeGreaterThan(0);

        await At(world, Noon.AddHours(3));
        (await world.RowAsync(row)).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task What_was_decided_of_a_cluster_that_has_changed_since_is_not_done()
    {
        using var world = new ClockWorld(database);
        var extended = ClockWorld.Running(Noon.AddHours(24));
        var used = ClockWorld.Running(ends: null);
        used.SleepAfter = TimeSpan.FromHours(1);
        await world.AddAsync(extended, used);
        world.Time.SetUtcNow(Noon.AddHours(22));
        var warn = ClusterTimes.Decide(extended, Noon, new(), world.Time.GetUtcNow()).Act.ShouldNotBeNull();
        var sleep = ClusterTimes.Decide(used, Noon, new(), world.Time.GetUtcNow()).Act.ShouldNotBeNull();
        (await ExtendAsync(world, extended, 24)).ShouldBeNull();
        (await ExtendAsync(world, used, 24)).ShouldBeNull();

        (
            await world.Intents.FollowAsync(extended.Id, warn, Noon, isLeft: false, CancellationToken.None)
        ).ShouldBeFalse();
        (await world.Intents.FollowAsync(used.Id, sleep, Noon, isLeft: false, CancellationToken.None)).ShouldBeFalse();

        (await world.RowAsync(extended)).ExpiryWarning.ShouldBeNull();
        (await world.RowAsync(used)).Phase.ShouldBe(ClusterPhase.Running);
    }

    [Fact]
    public async Task An_idle_cluster_sleeps_and_a_use_through_the_proxy_keeps_it_awake()
    {
        using var world = new ClockWorld(database);
        var idle = ClockWorld.Running(ends: null);
        var used = ClockWorld.Running(ends: null);
        (idle.SleepAfter, used.SleepAfter) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await world.AddAsync(idle, used);
        await world.Stores.TransactAsync(
            store =>
            {
                store.Add(new ClusterActivityRow { ClusterId = used.Id, At = Noon.AddMinutes(30) });
                return Task.CompletedTask;
            },
            CancellationToken.None
        );

        await At(world, Noon.AddHours(1));

        (await world.RowAsync(idle)).SleepCause.ShouldBe(SleepCause.Idle);
        (await OperationsAsync(world, idle)).ShouldBe([OperationKind.Pause]);
        (await OperationsAsync(world, used)).ShouldBeEmpty();
        await At(world, Noon.AddHours(1.5));
        (await OperationsAsync(world, used)).ShouldBe([OperationKind.Pause]);
    }

    [Fact]
    public async Task A_schedule_puts_it_to_sleep_and_wakes_it_once()
    {
        using var world = new ClockWorld(database);
        var row = ClockWorld.Running(ends: null);
        SleepTimes.TryParse("0 20 * * *", "0 7 * * *", null, out var times, out _).ShouldBeTrue();
        SleepRules.Set(row, times, Noon);
        await world.AddAsync(row);

        await At(world, Noon.AddHours(8));
        (await OperationsAsync(world, row)).ShouldBe([OperationKind.Pause]);
        await SettleAsync(world, row, ClusterPhase.Sleeping);
        await At(world, Noon.AddHours(19));

        (await OperationsAsync(world, row)).ShouldBe([OperationKind.Pause, OperationKind.Resume]);
        await SettleAsync(world, row, ClusterPhase.Running);
        await At(world, Noon.AddHours(20));
        (await OperationsAsync(world, row)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_an_extension_and_an_end_at_once_exactly_one_counts()
    {
        const int Tries = 200;
        using var world = new ClockWorld(database);
        var rows = await world.AddAsync(
            Enumerable.Range(0, Tries).Select(_ => ClockWorld.Running(Noon.AddHours(1))).ToArray()
        );
        world.GoTo(Noon.AddHours(1));
        var alive = 0;

        foreach (var row in rows)
        {
            var end = Task.Run(() => world.Intents.ExpireAsync(row.Id, Noon.AddHours(1), CancellationToken.None));
            var extension = Task.Run(() => ExtendAsync(world, row, 24));
            await Task.WhenAll(end, extension);

            var after = await world.RowAsync(row);
            var extended = await extension is null;
            (await end).ShouldBe(!extended);
            after.Desired.ShouldBe(extended ? DesiredState.Running : DesiredState.Deleted);
            after.ExpiresAt.ShouldBe(extended ? Noon.AddHours(25) : Noon.AddHours(1));
            alive += extended ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{alive} of {Tries} were extended");
    }

    private static async Task At(ClockWorld world, DateTimeOffset now)
    {
        world.GoTo(now);
        await world.RunDueAsync();
    }

    private static Cluster Show(ClockWorld world, ClusterSnapshot snapshot) =>
        ClusterProjection.Of(snapshot, world.Host.Find(snapshot.Key), world.Host.Freshness, queuePosition: null);

    /// <summary><see langword="null"/>: it was done.</summary>
    private static async Task<string?> ExtendAsync(ClockWorld world, ClusterRow row, int hours) =>
        (
            await world.Requests.ExtendAsync(
                new ClusterReference(row.Name, row.Namespace),
                hours,
                TestManager.Admin,
                CancellationToken.None
            )
        )
            .Problem
            ?.Detail;

    private static async Task<int> DeletesAsync(ClockWorld world, ClusterRow row) =>
        (await OperationsAsync(world, row)).Count(kind => kind == OperationKind.Delete);

    private static Task<List<OperationKind>> OperationsAsync(ClockWorld world, ClusterRow row) =>
        world.Stores.ReadAsync(store =>
            store
                .Operations.Where(o => o.ClusterId == row.Id)
                .OrderBy(o => o.CreatedAt)
                .ThenBy(o => o.Id)
                .Select(o => o.Kind)
                .ToListAsync()
        );

    /// <summary>What the reconciler would have made of it.</summary>
    private static Task SettleAsync(ClockWorld world, ClusterRow row, ClusterPhase phase) =>
        world.Stores.TransactAsync(
            async store =>
            {
                var now = world.Time.GetUtcNow();
                var there = await store.Clusters.SingleAsync(c => c.Id == row.Id);
                (there.Phase, there.UpdatedAt, there.CurrentOperationId) = (phase, now, null);
                foreach (var operation in await store.ActiveOperationsAsync(row.Id, CancellationToken.None))
                {
                    operation.State = Server.Storage.OperationState.Succeeded;
                }
                await world.Queue.EnqueueClockAsync(store, there, new(), now, CancellationToken.None);
            },
            CancellationToken.None
        );
}
