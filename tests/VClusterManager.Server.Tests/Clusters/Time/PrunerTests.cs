using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

/// <summary>Each test has a database of its own: a sweep looks at all there is.</summary>
public sealed class PrunerTests : IAsyncLifetime
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
    public async Task A_clock_that_is_a_year_ahead_takes_no_more_than_the_budget_and_says_why_it_stopped()
    {
        using var world = new ClockWorld(_database);
        await world.AddAsync(Enumerable.Range(1, 100).Select(n => ClockWorld.Running(Noon.AddMinutes(60 + n))));
        // Both clocks: nobody is left who could know better.
        world.GoTo(Noon.AddYears(1));
        await world.RunDueAsync();
        (await GoingAsync(world)).ShouldBe(0);

        var report = await world.Pruner.RunAsync(20, dryRun: false, CancellationToken.None);

        (report.Pruned, report.Left).ShouldBe((20, 80));
        report.Stopped.ShouldNotBeNull().ShouldContain("pruning_budget");
        (await GoingAsync(world)).ShouldBe(20);
        // The longest overdue first.
        report.Clusters.Take(20).ShouldAllBe(c => c.Verdict == PruneVerdict.Prune);
        report.Clusters[0].ExpiresAt.ShouldBe(Noon.AddMinutes(61));
        world.Log.Lines.ShouldContain(line => line.Text.Contains("took away 20 clusters and left 80"));
    }

    [Fact]
    public async Task Our_clock_alone_takes_nothing()
    {
        using var world = new ClockWorld(_database);
        await world.AddAsync(ClockWorld.Running(Noon.AddHours(1)));
        world.Time.SetUtcNow(Noon.AddYears(1));
        world.HostSays(Noon.AddMinutes(1));

        var report = await world.Pruner.RunAsync(20, dryRun: false, CancellationToken.None);

        report.Clusters.ShouldHaveSingleItem().Reason.ShouldContain("host's clock");
        report.Stopped.ShouldNotBeNull();
        (await GoingAsync(world)).ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_become_of_each_and_does_nothing()
    {
        using var world = new ClockWorld(_database);
        var isProtected = ClockWorld.Running(Noon.AddHours(1));
        isProtected.Protected = true;
        var overdue = ClockWorld.Running(Noon.AddHours(2));
        var second = ClockWorld.Running(Noon.AddHours(3));
        await world.AddAsync(isProtected, overdue, second, ClockWorld.Running(Noon.AddHours(9)));
        world.GoTo(Noon.AddHours(4));

        var report = await world.Pruner.RunAsync(1, dryRun: true, CancellationToken.None);

        report
            .Clusters.Select(c => (c.Name, c.Verdict))
            .ShouldBe([
                (isProtected.Name, PruneVerdict.Keep),
                (overdue.Name, PruneVerdict.Prune),
                (second.Name, PruneVerdict.Later),
            ]);
        report.Clusters.ShouldAllBe(c => c.Reason.Length > 0);
        (await GoingAsync(world)).ShouldBe(0);
    }

    [Fact]
    public async Task A_host_that_cannot_be_read_has_nothing_taken_away()
    {
        using var world = new ClockWorld(_database);
        await world.AddAsync(ClockWorld.Running(Noon.AddHours(1)));
        world.GoTo(Noon.AddHours(4));
        world.Watch.Failed("connection refused");
        world.Time.Advance(TimeSpan.FromMinutes(1));

        var report = await world.Pruner.RunAsync(20, dryRun: false, CancellationToken.None);

        report.Clusters.ShouldHaveSingleItem().Verdict.ShouldBe(PruneVerdict.Later);
        report.Stopped.ShouldNotBeNull().ShouldContain("not been heard of");
        (await GoingAsync(world)).ShouldBe(0);
    }

    [Fact]
    public async Task One_with_our_marks_and_no_row_is_taken_in_and_goes()
    {
        using var world = new ClockWorld(_database);
        var lost = Show(world, "lost", Noon.AddHours(1));
        Show(world, "young", Noon.AddHours(9));
        Show(world, "foreign", Noon.AddHours(1), instance: "other");
        world.GoTo(Noon.AddHours(4));

        var report = await world.Pruner.RunAsync(20, dryRun: false, CancellationToken.None);

        var pruned = report.Clusters.ShouldHaveSingleItem();
        (pruned.Id, pruned.Name).ShouldBe((lost.ToString(), "lost"));
        pruned.Reason.ShouldContain("the database does not know it");
        var row = (await world.RowsAsync()).ShouldHaveSingleItem();
        (row.Id, row.Phase).ShouldBe((lost, ClusterPhase.Deleting));
    }

    private static async Task<int> GoingAsync(ClockWorld world) =>
        (await world.RowsAsync()).Count(row => row.Desired == DesiredState.Deleted);

    private static Guid Show(ClockWorld world, string name, DateTimeOffset ends, string instance = "tests")
    {
        var id = Guid.NewGuid();
        var key = new NamespacedName($"vcluster-{name}", name);
        var workload = Observed.Workload with
        {
            Labels = new Dictionary<string, string> { [ClusterStamps.InstanceLabel] = instance },
            Annotations = new Dictionary<string, string>
            {
                [ClusterStamps.IdAnnotation] = id.ToString(),
                [ClusterStamps.ExpiresAnnotation] = ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            },
        };
        world.Host.StatefulSets.Change(null, new(key, workload));
        return id;
    }
}
