using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Whether clusters may be taken away for their age now, and what time it surely is: the earlier one of the manager's clock
/// and the host's, so that neither of them alone can make a cluster older than it is. Whatever is not known means no.
/// </summary>
internal sealed class PruneGuard(
    HostView host,
    HostClock hostClock,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time
)
{
    /// <summary>The host tells its time in whole seconds, a moment ago.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    /// <summary>From here on the operator should know.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromMinutes(1);

    public SureTime Look() =>
        Decide(options.VCluster.Expiry.Enabled, access.WhyNot, host.Freshness, time.GetUtcNow(), hostClock.Now);

    /// <summary>What is wrong with the clocks; <see langword="null"/>: nothing that is known.</summary>
    public string? Problem =>
        hostClock.Now is { } there && time.GetUtcNow() - there is var ahead && ahead.Duration() >= Notable
            ? $"The manager's clock is {DurationText.Format(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the host's: clusters end when both say so."
            : null;

    /// <summary>Pure.</summary>
    internal static SureTime Decide(
        bool enabled,
        string? closed,
        HostFreshness freshness,
        DateTimeOffset ours,
        DateTimeOffset? theirs
    )
    {
        var why =
            !enabled ? "vcluster.pruning_enabled is false."
            : closed is not null ? closed
            : !freshness.Synced ? "The host has not been read yet."
            : freshness.Stale ? $"The host has not been heard of for {freshness.Age.TotalSeconds:0} s."
            : theirs is null ? "The host has not said what time it is."
            : null;
        var there = theirs + Rounding ?? DateTimeOffset.MinValue;
        return new SureTime(there < ours ? there : ours, why);
    }
}

/// <param name="Now">It is surely not earlier than this.</param>
/// <param name="WhyNot">Why nothing may be taken away, in words; <see langword="null"/>: it may.</param>
internal sealed record SureTime(DateTimeOffset Now, string? WhyNot);
