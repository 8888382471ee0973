using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Storage;

/// <summary>How the database does, in figures.</summary>
internal static class StoreMetrics
{
    private static readonly Meter Meter = new("VClusterManager.Storage");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "vcluster_manager.database.duration",
        "s",
        "Reads and changes of the database, with their retries, by what came of them.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] }
    );

    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "vcluster_manager.database.conflicts",
        "{conflict}",
        "Changes that met a concurrent one and were begun anew."
    );

    public static void Ended(string operation, string outcome, TimeSpan took) =>
        Duration.Record(took.TotalSeconds, Label.Of("operation", operation), Label.Of("outcome", outcome));

    public static void Conflicted() => Conflicts.Add(1);
}
