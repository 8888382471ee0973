using System.Diagnostics.Metrics;
using VClusterManager.Contracts;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>What is taken away for its age, in figures.</summary>
internal static class TimeMetrics
{
    private static readonly Meter Meter = new(ClusterGauges.MeterName);

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "vcluster_manager.expiry.deletes",
        "{cluster}",
        "Clusters whose delete was begun because their time had come, by the clock or by the sweep."
    );

    private static readonly Counter<long> Sweeps = Meter.CreateCounter<long>(
        "vcluster_manager.prune.sweeps",
        "{sweep}",
        "Sweeps for missed ends: done, stopped by their budget, or stopped because something was not sure."
    );

    private static readonly Counter<long> Swept = Meter.CreateCounter<long>(
        "vcluster_manager.prune.clusters",
        "{cluster}",
        "Overdue clusters that sweeps have met, by what they made of them."
    );

    public static void Expired() => Ends.Add(1);

    public static void Ran(PruneReport report, int budget)
    {
        var outcome =
            report.Stopped is null ? "done"
            : report.Pruned >= budget ? "budget"
            : "unsure";
        Sweeps.Add(1, Label.Of("outcome", outcome));
        foreach (var (verdict, count) in report.Clusters.CountBy(cluster => cluster.Verdict))
        {
            Swept.Add(count, Label.Of("verdict", verdict));
        }
    }
}
