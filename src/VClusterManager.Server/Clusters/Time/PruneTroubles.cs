namespace VClusterManager.Server.Clusters.Time;

/// <summary>What operators should know of ends that do not come: told by readyz.</summary>
internal sealed class PruneTroubles(Pruner pruner, PruneGuard guard)
{
    /// <summary><see langword="null"/>: all is well.</summary>
    public string? Tell()
    {
        if (guard.Problem is { } clocks)
        {
            return clocks;
        }

        var overdue = pruner.CountOverdue();
        return overdue == 0
            ? null
            : $"{overdue} clusters are overdue: the sweep takes away at most vcluster.pruning_budget of them each time. If the clock is right, run it with POST /api/prune.";
    }
}
