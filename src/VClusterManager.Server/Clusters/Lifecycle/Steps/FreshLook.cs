using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>Asks the host itself, past the watches, which may be late, and goes on with what it shows.</summary>
internal static class FreshLook
{
    public static async Task<StepResult> ThenAsync(
        HostReads reads,
        StepContext context,
        Func<StepContext, ObservedCluster, Task<StepResult>> act
    ) =>
        await reads.LookAsync(context.Key, context.Stop) switch
        {
            HostAnswer<ObservedCluster>.Found found => await act(context, found.Value),
            HostAnswer<ObservedCluster>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => new StepResult.Retry(TimeSpan.FromSeconds(1), "Looks again."),
        };

    /// <summary>Why nothing can be done to a cluster that should be there; <see langword="null"/>: it is there.</summary>
    public static StepResult? WhyNot(StepContext context, ObservedCluster seen) =>
        seen.Workload is null
            ? new StepResult.Stalled(
                $"There is no virtual cluster {context.Key} on the host: retry to make it again, or delete it."
            )
        : ClusterStamps.BelongsTo(seen.Workload, context.Row) ? null
        : new StepResult.Stalled($"The virtual cluster {context.Key} on the host is not this one: it is left alone.");
}

/// <summary>What it means for a step that the host could not be read.</summary>
internal static class Unreadable
{
    public static StepResult Result(string reason, bool forbidden = false) =>
        forbidden
            ? new StepResult.Stalled($"The manager lacks a right on the host: {reason}")
            : new StepResult.Retry(TimeSpan.FromSeconds(2), $"The host cannot be read: {reason}", OutOfSight: true);
}
