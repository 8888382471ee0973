using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Instances;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Looks for all clusters whose end has come, and takes them away within a budget, the longest overdue first: what was
/// missed while no server ran, after a clock had jumped, after a database was restored. One that carries our marks and
/// has no row is taken in first, so that its delete is one like any other. What is not known is left alone.
/// </summary>
internal sealed partial class Pruner(
    StoreFactory stores,
    TimeIntents intents,
    IntentStore rows,
    ClusterView clusters,
    HostView host,
    PruneGuard guard,
    ManagerOptions options,
    TimeProvider time,
    ILogger<Pruner> logger
)
{
    /// <param name="budget">How many may be taken away at most.</param>
    /// <param name="dryRun">Only say what would be done.</param>
    public async Task<PruneReport> RunAsync(int budget, bool dryRun, CancellationToken cancellation)
    {
        var sure = guard.Look();
        List<PrunedCluster> found = [];
        var left = budget;
        foreach (var overdue in await OverdueAsync(sure, cancellation))
        {
            var verdict = Judge(overdue, sure, left);
            if (verdict.Verdict == PruneVerdict.Prune)
            {
                left--;
                if (!dryRun && await NotPrunedAsync(overdue, sure, cancellation) is { } whyNot)
                {
                    verdict = (PruneVerdict.Later, whyNot);
                }
            }

            found.Add(overdue.Said(verdict.Verdict, verdict.Reason));
        }

        var report = Report(found, budget, dryRun, sure);
        if (!dryRun)
        {
            Say(report);
            TimeMetrics.Ran(report, budget);
        }

        return report;
    }

    /// <summary>How many clusters of this database are overdue; from memory.</summary>
    public int CountOverdue()
    {
        var before = time.GetUtcNow() - ClusterClock.Late;
        return clusters.All.Count(c =>
            c.Row.Desired != DesiredState.Deleted && ClusterTimes.EndOf(c.Row, options.VCluster.Expiry) < before
        );
    }

    private static (PruneVerdict Verdict, string Reason) Judge(Overdue overdue, SureTime sure, int left) =>
        overdue.IsProtected ? (PruneVerdict.Keep, "It is protected.")
        : sure.WhyNot is { } why ? (PruneVerdict.Later, why)
        : overdue.End > sure.Now ? (PruneVerdict.Later, "The host's clock does not say so yet.")
        : left <= 0 ? (PruneVerdict.Later, "The budget of this sweep is used up.")
        : (
            PruneVerdict.Prune,
            overdue.Row is null
                ? $"Its time to live ended at {overdue.End:yyyy-MM-dd HH:mm:ss}Z; it carries the marks of this manager, and the database does not know it."
                : $"Its time to live ended at {overdue.End:yyyy-MM-dd HH:mm:ss}Z."
        );

    private static PruneReport Report(List<PrunedCluster> found, int budget, bool dryRun, SureTime sure)
    {
        var pruned = found.Count(c => c.Verdict == PruneVerdict.Prune);
        var later = found.Count(c => c.Verdict == PruneVerdict.Later);
        var stopped =
            later == 0 ? null
            : sure.WhyNot is { } why ? why
            : pruned >= budget
                ? $"It stopped at {budget} clusters, which is its budget (vcluster.pruning_budget); {later} more are overdue. If the clock is right, run it again."
            : "The clocks do not agree, or clusters have changed meanwhile.";
        return new PruneReport(dryRun, pruned, later, stopped, found);
    }

    private void Say(PruneReport report)
    {
        if (report.Stopped is { } why)
        {
            Log.Stopped(logger, report.Pruned, report.Left, why);
        }
        else if (report.Pruned > 0)
        {
            Log.Pruned(logger, report.Pruned);
        }
    }

    /// <summary>What our clock says is overdue; the host's has a word in the verdict.</summary>
    private async Task<List<Overdue>> OverdueAsync(SureTime sure, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = await stores.ReadAsync(store =>
            store
                .Clusters.AsNoTracking()
                .Where(c => c.DeletedAt == null && c.Desired != DesiredState.Deleted && c.ExpiresAt <= now)
                .ToListAsync(cancellation)
        );
        // A host that is not seen shows nothing that could be taken in.
        var marked = sure.WhyNot is null ? await MarkedAsync(now, cancellation) : [];
        return
        [
            .. known
                .Select(row => new Overdue(row, null, row.ExpiresAt!.Value, row.Protected))
                .Concat(marked)
                .OrderBy(overdue => overdue.End),
        ];
    }

    /// <summary>Those on the host that carry our marks, are past the end that these tell, and that no row knows.</summary>
    private async Task<List<Overdue>> MarkedAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var marked = host.Workloads()
            .Where(seen =>
                seen.Workload is { Deleting: false } workload
                && ClusterStamps.InstanceOf(workload.Labels) == options.Server.Instance
                && ClusterStamps.IdOf(workload.Annotations) is { } id
                && clusters.Find(id) is null
            )
            .Select(seen => RebuiltRow.Of(seen, [], now))
            .Where(row => row.ExpiresAt <= now)
            .ToList();
        if (marked.Count == 0)
        {
            return [];
        }

        var ids = marked.ConvertAll(row => row.Id);
        var known = await stores.ReadAsync(store =>
            store.Clusters.Where(c => ids.Contains(c.Id)).Select(c => c.Id).ToListAsync(cancellation)
        );
        // One that the database remembers as deleted is a stray: others see to it.
        return
        [
            .. marked
                .Where(row => !known.Contains(row.Id))
                .Select(row => new Overdue(null, row, row.ExpiresAt!.Value, row.Protected)),
        ];
    }

    /// <summary>Takes it away; or why not. One that cannot be is no reason to leave the others, and counts: who knows how far it came.</summary>
    private async Task<string?> NotPrunedAsync(Overdue overdue, SureTime sure, CancellationToken cancellation)
    {
        try
        {
            return await PruneAsync(overdue, sure, cancellation) ? null : "It has changed since it was looked at.";
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Log.NotPruned(logger, e, overdue.Key);
            return "It could not be taken away: the log says why.";
        }
    }

    private async Task<bool> PruneAsync(Overdue overdue, SureTime sure, CancellationToken cancellation)
    {
        if (overdue.Found is { } found)
        {
            var taken = await rows.AdoptAsync(found, Principal.System, cancellation);
            if (taken.Problem is { } problem)
            {
                Log.NotTakenIn(logger, found.Namespace, found.Name, problem.Detail);
                return false;
            }
        }

        return await intents.ExpireAsync(overdue.Id, sure.Now, cancellation);
    }

    /// <param name="Row">As the database knows it.</param>
    /// <param name="Found">As its marks on the host tell it, where the database does not.</param>
    private sealed record Overdue(ClusterRow? Row, ClusterRow? Found, DateTimeOffset End, bool IsProtected)
    {
        public Guid Id => Either.Id;

        public NamespacedName Key => new(Either.Namespace, Either.Name);

        private ClusterRow Either => Row ?? Found!;

        public PrunedCluster Said(PruneVerdict verdict, string reason) =>
            new(Either.Id.ToString(), Either.Name, Either.Namespace, End, verdict, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The sweep took away {Count} clusters whose end was missed"
        )]
        public static partial void Pruned(ILogger logger, int count);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The sweep took away {Count} clusters and left {Left} that are overdue: {Reason}"
        )]
        public static partial void Stopped(ILogger logger, int count, int left, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Cluster {Namespace}/{Name} carries our marks and is overdue, and cannot be taken in: {Reason}"
        )]
        public static partial void NotTakenIn(ILogger logger, string @namespace, string name, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Cluster {Key} is overdue and could not be taken away")]
        public static partial void NotPruned(ILogger logger, Exception cause, NamespacedName key);
    }
}
