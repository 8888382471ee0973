using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Usage;

/// <summary>
/// What clusters cost and what was saved, as counters by door. They are added up from the database, and are the same on every
/// server: take the greatest, not the sum. Who owns them is told by <c>GET /api/usage</c>: people are no labels.
/// </summary>
internal sealed class UsageMetrics : IGauges
{
    private readonly StoreFactory _stores;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<UsageSum> _sums = [];

    public UsageMetrics(StoreFactory stores, IMeterFactory meters, TimeProvider time)
    {
        (_stores, _time) = (stores, time);
        Sampled = new SampledFigures("usage", TimeSpan.FromMinutes(1), LookAsync);
        var meter = meters.Create(ClusterGauges.MeterName);
        Count(meter, "run", "Time in which clusters ran, by source.", UsageKind.Run);
        Count(meter, "slept", "Time in which clusters slept, by source.", UsageKind.Slept);
        Count(
            meter,
            "saved",
            "Time in which clusters slept, or were gone before the end they had been given, by source.",
            UsageKind.Slept,
            UsageKind.Spared
        );
    }

    public SampledFigures Sampled { get; }

    /// <summary>Adds up anew. Gives nothing: what goes wrong is thrown.</summary>
    internal async Task<string?> LookAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().UtcTicks;
        // What is still to be spared has not been spared yet.
        _sums = await _stores.ReadAsync(store =>
            store
                .Database.SqlQuery<UsageSum>(
                    $"""
                    SELECT {UsageTotals.Prefix} || kind || ':' || source AS name, CAST(SUM(
                        CASE WHEN ended_at IS NULL OR ended_at > {now} THEN {now} ELSE ended_at END
                        - CASE WHEN started_at > {now} THEN {now} ELSE started_at END) AS bigint) AS ticks
                    FROM usage_spans GROUP BY source, kind
                    UNION ALL SELECT name, value FROM counters WHERE name LIKE {UsageTotals.Prefix + '%'}
                    """
                )
                .ToListAsync(cancellation)
        );
        return null;
    }

    private void Count(Meter meter, string name, string description, params UsageKind[] kinds)
    {
        var starts = kinds.Select(UsageTotals.StartOf).ToList();
        meter.CreateObservableCounter(
            $"vcluster_manager.usage.{name}",
            () =>
                starts
                    .SelectMany(start =>
                        _sums
                            .Where(sum => sum.Name.StartsWith(start, StringComparison.Ordinal))
                            .Select(sum => (Source: sum.Name[start.Length..], sum.Ticks))
                    )
                    .GroupBy(sum => sum.Source, sum => sum.Ticks)
                    .Select(group => new Measurement<double>(
                        TimeSpan.FromTicks(group.Sum()).TotalSeconds,
                        Label.Of("source", group.Key)
                    )),
            "s",
            description
        );
    }

    /// <summary>All spans of one kind and door, those that are kept and those that are not any more.</summary>
    /// <param name="Name">As <see cref="UsageTotals"/> names it.</param>
    /// <param name="Ticks">Their sum.</param>
    internal sealed record UsageSum(string Name, long Ticks);
}
