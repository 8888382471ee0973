using System.Globalization;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

/// <summary>
/// A month of clusters, with the clock under the test's control. <c>LIVES=10000</c> makes as many; the suite, which should
/// stay fast, has a fifth of that.
/// </summary>
public sealed class ManyLivesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly int Clusters = int.Parse(
        Environment.GetEnvironmentVariable("LIVES") ?? "2000",
        CultureInfo.InvariantCulture
    );
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task Of_many_clusters_each_ends_once_at_its_time_and_none_is_missed()
    {
        const int Seed = 20301;
        var random = new Random(Seed);
        using var world = new ClockWorld(database, new ExpiryOptions { Warnings = [] });
        var rows = await world.AddAsync(
            Enumerable
                .Range(0, Clusters)
                .Select(_ => ClockWorld.Running(Rows.Noon + Some(random, TimeSpan.FromDays(32))))
        );
        var extensions = new Queue<(DateTimeOffset At, ClusterRow Row, int Hours)>(
            Enumerable
                .Range(0, Clusters * 2 / 5)
                .Select(_ => (Rows.Noon + Some(random, Month), rows[random.Next(Clusters)], random.Next(1, 300)))
                .OrderBy(extension => extension.Item1)
        );
        var (extended, refused) = (0, 0);
        var end = Rows.Noon + Month;

        while (true)
        {
            var due = await world.NextDueAsync() ?? end;
            if (extensions.TryPeek(out var next) && next.At < due)
            {
                extensions.Dequeue();
                world.GoTo(next.At);
                var lives = (await world.RowAsync(next.Row)).Desired != DesiredState.Deleted;
                var which = new ClusterReference(next.Row.Name, next.Row.Namespace);
                var answer = await world.Requests.ExtendAsync(which, next.Hours, TestManager.Admin, default);
                // Refused exactly when it is too late.
                (answer.Problem is null).ShouldBe(lives);
                (extended, refused) = lives ? (extended + 1, refused) : (extended, refused + 1);
                continue;
            }

            if (due >= end)
            {
                break;
            }

            world.GoTo(due);
            await world.RunDueAsync();
        }

        var deletes = (await world.OperationsAsync(OperationKind.Delete)).ToLookup(o => o.ClusterId);
        var (gone, early, late) = (0, 0, 0);
        foreach (var row in await world.RowsAsync())
        {
            var ends = row.ExpiresAt!.Value;
            if (ends >= end)
            {
                deletes[row.Id].ShouldBeEmpty();
                continue;
            }

            var after = deletes[row.Id].ShouldHaveSingleItem().CreatedAt - ends;
            gone++;
            early += after < TimeSpan.Zero ? 1 : 0;
            late += after > TimeSpan.FromSeconds(5) ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"ended {gone}, early {early}, late {late}, extended {extended}, refused {refused}, live {Clusters - gone}"
        );
        (early, late).ShouldBe((0, 0), $"seed {Seed}");
        gone.ShouldBeInRange(Clusters / 2, Clusters - 1);
        extended.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    private static TimeSpan Some(Random random, TimeSpan most) =>
        TimeSpan.FromTicks(random.NextInt64(TimeSpan.FromHours(1).Ticks, most.Ticks));
}
