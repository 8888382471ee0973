using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Usage;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Usage;

public sealed class SqliteUsageTests(SqliteDatabase database) : UsageTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresUsageTests(PostgresDatabase database)
    : UsageTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class UsageTests(TestDatabase database)
{
    private static readonly DateTimeOffset Noon = Rows.Noon;

    [Fact]
    public async Task A_life_is_told_in_spans_whoever_moves_it()
    {
        var row = Rows.Cluster(createdAt: Noon);
        row.EndsAt(Noon.AddHours(24));
        await database.Stores.TransactAsync(store => Task.FromResult(store.Add(row)), CancellationToken.None);
        await MoveAsync(row, ClusterPhase.Provisioning, Noon.AddHours(1));
        await MoveAsync(row, ClusterPhase.Running, Noon.AddHours(2));
        await MoveAsync(row, ClusterPhase.Sleeping, Noon.AddHours(4));
        await MoveAsync(row, ClusterPhase.Waking, Noon.AddHours(9));
        await MoveAsync(row, ClusterPhase.Deleting, Noon.AddHours(10));
        await MoveAsync(row, ClusterPhase.Deleted, Noon.AddHours(11));

        (await SpansAsync(row)).ShouldBe([
            (UsageKind.Run, Noon.AddHours(1), Noon.AddHours(4)),
            (UsageKind.Slept, Noon.AddHours(4), Noon.AddHours(9)),
            (UsageKind.Run, Noon.AddHours(9), Noon.AddHours(11)),
            // It was given until the next noon.
            (UsageKind.Spared, Noon.AddHours(11), Noon.AddHours(24)),
        ]);
    }

    [Fact]
    public async Task One_that_was_deleted_and_came_back_spares_nothing_from_then_on()
    {
        var row = Rows.Cluster(createdAt: Noon);
        row.Phase = ClusterPhase.Running;
        row.EndsAt(Noon.AddHours(24));
        await database.Stores.TransactAsync(store => Task.FromResult(store.Add(row)), CancellationToken.None);
        await MoveAsync(row, ClusterPhase.Deleted, Noon.AddHours(2));

        await MoveAsync(row, ClusterPhase.Running, Noon.AddHours(5));

        (await SpansAsync(row))[1..]
            .ShouldBe([
                (UsageKind.Spared, Noon.AddHours(2), Noon.AddHours(5)),
                (UsageKind.Run, Noon.AddHours(5), null),
            ]);
    }

    [Fact]
    public async Task What_would_never_have_ended_spares_nothing()
    {
        var row = Rows.Cluster(createdAt: Noon);
        (row.Phase, row.Protected) = (ClusterPhase.Running, true);
        row.EndsAt(Noon.AddHours(24));
        await database.Stores.TransactAsync(store => Task.FromResult(store.Add(row)), CancellationToken.None);

        await MoveAsync(row, ClusterPhase.Deleted, Noon.AddHours(2));

        (await SpansAsync(row)).ShouldHaveSingleItem().Item1.ShouldBe(UsageKind.Run);
    }

    [Fact]
    public async Task A_clock_that_goes_back_makes_no_span_of_less_than_nothing()
    {
        var row = Rows.Cluster(createdAt: Noon);
        row.Phase = ClusterPhase.Running;
        await database.Stores.TransactAsync(store => Task.FromResult(store.Add(row)), CancellationToken.None);

        await MoveAsync(row, ClusterPhase.Sleeping, Noon.AddHours(-1));

        (await SpansAsync(row))[0].ShouldBe((UsageKind.Slept, Noon.AddHours(-1), null));
        (await SpansAsync(row))[1].ShouldBe((UsageKind.Run, Noon, Noon));
    }

    [Fact]
    public void Only_what_lies_between_the_two_times_counts_and_what_goes_on_counts_until_now()
    {
        UsageSpanRow[] spans =
        [
            Span("ci", "a", UsageKind.Run, -5, 2),
            Span("ci", "a", UsageKind.Slept, 2, 4),
            Span("ci", "a", UsageKind.Spared, 4, 100),
            Span("anna", "b", UsageKind.Run, 8, null),
        ];

        UsageSums sums = new(UsageGrouping.Owner, Noon, Noon.AddHours(10), Noon.AddHours(9));
        Array.ForEach(spans, sums.Add);

        var report = sums.Report();

        report.Total.ShouldBe(new UsageFigures(2, RunHours: 3, SleptHours: 2, SparedHours: 5, SavedHours: 7));
        report
            .Groups.Select(group => (group.Key, group.Usage))
            .ShouldBe([("ci", new UsageFigures(1, 2, 2, 5, 7)), ("anna", new UsageFigures(1, 1, 0, 0, 0))]);
    }

    [Fact]
    public async Task What_one_may_not_see_is_not_counted()
    {
        var mine = Span("ci", "mine", UsageKind.Run, 1000, 1010);
        var other = Span("ci", "other", UsageKind.Run, 1000, 1010);
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(mine, other);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        var bound = new Principal("ci", Role.Viewer, "api_key", null)
        {
            Limits = Limits.None with { Namespaces = [mine.Namespace] },
        };

        var (from, to) = (Noon.AddHours(1000), Noon.AddHours(1010));
        var reads = new UsageReads(database.Stores);
        var all = await reads.ReadAsync(UsageGrouping.Cluster, from, to, to, Principal.System, default);
        var some = await reads.ReadAsync(UsageGrouping.Cluster, from, to, to, bound, default);

        all.Groups.Select(group => group.Key).ShouldContain($"{other.Namespace}/other");
        some.Groups.ShouldHaveSingleItem().Key.ShouldBe($"{mine.Namespace}/mine");
        some.Total.RunHours.ShouldBe(10);
    }

    [Fact]
    public async Task Counters_tell_the_same_by_door()
    {
        var span = Span("counted", "counted", UsageKind.Run, 0, null, source: "counted");
        var spared = Span("counted", "counted", UsageKind.Spared, 1, 100, source: "counted");
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(span, spared);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        var told = await ToldAsync("counted", Noon.AddHours(3));

        told["vcluster_manager.usage.run"].ShouldBe(3 * 3600);
        // Two hours of the 99 have gone by.
        told["vcluster_manager.usage.saved"].ShouldBe(2 * 3600);
    }

    [Fact]
    public async Task Counters_do_not_fall_when_old_spans_are_thrown_away()
    {
        UsageSpanRow[] spans =
        [
            Span("folded", "folded", UsageKind.Run, 0, 2, source: "folded"),
            Span("folded", "folded", UsageKind.Slept, 2, 5, source: "folded"),
            Span("folded", "folded", UsageKind.Run, 5, null, source: "folded"),
        ];
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(spans.AsEnumerable());
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        var before = await ToldAsync("folded", Noon.AddHours(6));
        Retention retention = new(database.Stores, Retention.History, Retention.History);

        while (await retention.PurgeUsageAsync(Noon.AddHours(6) + Retention.Usage, CancellationToken.None) > 0) { }

        var kept = await database.Stores.ReadAsync(store =>
            store.UsageSpans.Where(span => span.Source == "folded").ToListAsync()
        );
        kept.ShouldHaveSingleItem().EndedAt.ShouldBeNull();
        (await ToldAsync("folded", Noon.AddHours(6))).ShouldBe(before, ignoreOrder: true);
        before["vcluster_manager.usage.run"].ShouldBe(3 * 3600);
        before["vcluster_manager.usage.slept"].ShouldBe(3 * 3600);
    }

    /// <summary>What the counters say of one door.</summary>
    private async Task<Dictionary<string, double>> ToldAsync(string source, DateTimeOffset now)
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        UsageMetrics metrics = new(
            database.Stores,
            meters.GetRequiredService<IMeterFactory>(),
            new FakeTimeProvider(now)
        );
        Dictionary<string, double> told = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, into) =>
        {
            if (instrument.Meter.Name == ClusterGauges.MeterName)
            {
                into.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) =>
            {
                if (tags.ToArray().SequenceEqual([new("source", source)]))
                {
                    told[instrument.Name] = value;
                }
            }
        );
        listener.Start();

        await metrics.LookAsync(CancellationToken.None);
        listener.RecordObservableInstruments();
        return told;
    }

    private static UsageSpanRow Span(
        string owner,
        string name,
        UsageKind kind,
        int from,
        int? to,
        string source = "api"
    ) =>
        new()
        {
            Id = Guid.NewGuid(),
            ClusterId = new Guid(name.PadRight(16)[..16].Select(letter => (byte)letter).ToArray()),
            Name = name,
            Namespace = $"vcluster-{name}",
            CreatedBy = owner,
            Owner = owner,
            Source = source,
            Kind = kind,
            StartedAt = Noon.AddHours(from),
            EndedAt = to is { } end ? Noon.AddHours(end) : null,
        };

    private Task MoveAsync(ClusterRow row, ClusterPhase phase, DateTimeOffset now) =>
        database.Stores.TransactAsync(
            async store =>
            {
                var there = await store.Clusters.SingleAsync(c => c.Id == row.Id);
                (there.Phase, there.UpdatedAt) = (phase, now);
                there.DeletedAt = phase == ClusterPhase.Deleted ? now : null;
            },
            CancellationToken.None
        );

    private Task<List<(UsageKind, DateTimeOffset, DateTimeOffset?)>> SpansAsync(ClusterRow row) =>
        database.Stores.ReadAsync(async store =>
            (await store.UsageSpans.Where(s => s.ClusterId == row.Id).OrderBy(s => s.StartedAt).ToListAsync())
                .Select(s => (s.Kind, s.StartedAt, s.EndedAt))
                .ToList()
        );
}
