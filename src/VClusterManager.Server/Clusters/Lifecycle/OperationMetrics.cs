using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>How operations end, in figures. Each is counted by the server that ended it.</summary>
internal static class OperationMetrics
{
    private static readonly Meter Meter = new(ClusterGauges.MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "vcluster_manager.operations.duration",
        "s",
        "Operations that have ended, from being asked for to their end, by how they ended.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600],
        }
    );

    /// <summary>To be called after the commit.</summary>
    public static void Ended(IEnumerable<OperationRow> operations)
    {
        foreach (var operation in operations)
        {
            Duration.Record(
                ((operation.FinishedAt ?? operation.CreatedAt) - operation.CreatedAt).TotalSeconds,
                Label.Of("kind", operation.Kind),
                Label.Of("outcome", operation.State)
            );
        }
    }
}
