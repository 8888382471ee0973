using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// Whether a workload of a deleted cluster is the trace of a run of the CLI that came too late. Pure. What was there before the
/// delete, or came long after it, is none, and neither is what a tool for backups has put back: people wanted that.
/// </summary>
internal static class StrayRules
{
    /// <summary>Velero's mark on all that it restores.</summary>
    private const string RestoredPrefix = "velero.io/";

    private static readonly TimeSpan s_leastMargin = TimeSpan.FromMinutes(15);

    /// <param name="asked">When the delete was asked for.</param>
    /// <param name="ended">When there was nothing left of the cluster.</param>
    /// <param name="runLimit">How long a run may take; nobody ends one whose server has died.</param>
    public static bool IsOfLateRun(
        ObservedWorkload workload,
        DateTimeOffset asked,
        DateTimeOffset ended,
        TimeSpan runLimit
    )
    {
        var margin = 2 * runLimit > s_leastMargin ? 2 * runLimit : s_leastMargin;
        return HostTimes.IsSince(workload.CreatedAt, asked)
            && workload.CreatedAt <= ended + margin
            && !workload.Labels.Keys.Any(label => label.StartsWith(RestoredPrefix, StringComparison.Ordinal));
    }
}
