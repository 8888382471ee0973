using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The body of <c>POST /api/prune</c>.</summary>
public sealed record PruneRequest
{
    /// <summary>Only say what would be done, and why.</summary>
    public bool DryRun { get; init; }

    /// <summary>Take away no more than so many; <c>vcluster.pruning_budget</c> when none is given.</summary>
    [Range(1, 100_000)]
    public int? Budget { get; init; }
}

/// <summary>What a look for clusters whose time has come has found.</summary>
/// <param name="DryRun">Nothing was done.</param>
/// <param name="Pruned">How many were taken away, or would be.</param>
/// <param name="Left">How many are overdue, and stay for now.</param>
/// <param name="Stopped">Why it did not go on; null: it did all there was to do.</param>
/// <param name="Clusters">All whose time has come, the longest overdue first.</param>
public sealed record PruneReport(
    bool DryRun,
    int Pruned,
    int Left,
    string? Stopped,
    IReadOnlyList<PrunedCluster> Clusters
);

/// <summary>A cluster whose time has come, and what becomes of it.</summary>
/// <param name="Id">The cluster's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Its namespace on the host.</param>
/// <param name="ExpiresAt">When it was to end.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PrunedCluster(
    string Id,
    string Name,
    string Namespace,
    DateTimeOffset ExpiresAt,
    PruneVerdict Verdict,
    string Reason
);

/// <summary>What becomes of a cluster whose time has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PruneVerdict>))]
public enum PruneVerdict
{
    /// <summary>It is taken away, or would be.</summary>
    Prune,

    /// <summary>It stays for now, and is looked at again.</summary>
    Later,

    /// <summary>It stays.</summary>
    Keep,
}

/// <summary>How long clusters ran and slept.</summary>
/// <param name="From">From when on it is counted.</param>
/// <param name="To">Until when.</param>
/// <param name="GroupBy">What <c>groups</c> are made by.</param>
/// <param name="Total">All together.</param>
/// <param name="Groups">Those who ran most first.</param>
public sealed record UsageReport(
    DateTimeOffset From,
    DateTimeOffset To,
    string GroupBy,
    UsageFigures Total,
    IReadOnlyList<UsageGroup> Groups
);

/// <summary>The figures of one owner, door, namespace or cluster.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Usage">Its figures.</param>
public sealed record UsageGroup(string Key, UsageFigures Usage);

/// <summary>Hours of clusters, rounded to thousandths.</summary>
/// <param name="Clusters">How many clusters there were.</param>
/// <param name="RunHours">Hours in which their workload was there.</param>
/// <param name="SleptHours">Hours in which they slept.</param>
/// <param name="SparedHours">Hours between the end of those that were taken away early and the end they had been given.</param>
/// <param name="SavedHours">What was not run and would have been: slept and spared.</param>
public sealed record UsageFigures(
    int Clusters,
    double RunHours,
    double SleptHours,
    double SparedHours,
    double SavedHours
);
