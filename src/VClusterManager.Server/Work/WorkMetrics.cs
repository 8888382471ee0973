using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Work;

/// <summary>What this server works off, in figures. What waits is told by <see cref="QueueGauges"/>.</summary>
internal static class WorkMetrics
{
    public const string MeterName = "VClusterManager.Work";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Claims = Meter.CreateCounter<long>(
        "vcluster_manager.work.claims",
        "{claim}",
        "Claims on work items, by what became of them: taken, or lost before their run had ended."
    );

    private static readonly Histogram<double> Runs = Meter.CreateHistogram(
        "vcluster_manager.work.run.duration",
        "s",
        "Runs of work items, by how they ended.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 30, 120, 600] }
    );

    public static void Taken(string kind) => Claimed(kind, "taken");

    public static void Lost(string kind) => Claimed(kind, "lost");

    /// <param name="outcome"><c>done</c>, <c>failed</c>, <c>given_back</c> or <c>lost</c>.</param>
    public static void Ran(string kind, string outcome, TimeSpan took) =>
        Runs.Record(took.TotalSeconds, Label.Of("kind", kind), Label.Of("outcome", outcome));

    private static void Claimed(string kind, string what) =>
        Claims.Add(1, Label.Of("kind", kind), Label.Of("event", what));
}
