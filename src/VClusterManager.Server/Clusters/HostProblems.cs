using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters;

/// <summary>What is said where the host is needed and cannot be read.</summary>
internal static class HostProblems
{
    private static readonly TimeSpan ShortWhile = TimeSpan.FromSeconds(5);

    /// <summary><see langword="null"/>: what the view shows of it can be relied on.</summary>
    public static Problem? Of(HostFreshness freshness) =>
        freshness is { Synced: true, Stale: false }
            ? null
            : Unreadable(freshness.Problem ?? "the first look is going on");

    public static Problem Unreadable(string reason) =>
        new(ProblemKind.Unavailable, $"The host cannot be read now: {reason}") { RetryAfter = ShortWhile };
}
