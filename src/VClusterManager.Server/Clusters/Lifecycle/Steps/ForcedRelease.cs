using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// Removes what only finalizers hold, when an admin has forced the delete. Whoever set a finalizer gets a while to do its
/// part first. What it would have done (take down a load balancer, say) may then never be done: the log names each.
/// </summary>
internal sealed class ForcedRelease(HostWrites writes, StepLimits limits)
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    /// <summary>Counted from when the step began to wait; it ends well before the step is given up.</summary>
    private TimeSpan Patience => limits.Gone / 2 < LongestPatience ? limits.Gone / 2 : LongestPatience;

    public bool IsDue(StepContext context) => context.Row.ForceDelete && context.Spent >= Patience;

    /// <summary>Lets go what is on its way out and held; why it cannot, or <see langword="null"/>: look again.</summary>
    public async Task<StepResult?> LetGoAsync(StepContext context, IEnumerable<HostTrace> held)
    {
        if (!IsDue(context))
        {
            return null;
        }
        foreach (var trace in held.Where(t => t is { Deleting: true, Finalizers.Count: > 0 }))
        {
            context.Say($"Forced: removes the finalizers of {Traces.Describe(trace)}.");
            switch (await writes.LetGoAsync(trace, context.Stop))
            {
                case HostWrite.Refused refused:
                    return new StepResult.Stalled($"The finalizers of {trace} cannot be removed: {refused.Reason}");
                case HostWrite.Unreachable unreachable:
                    return Unreadable.Result(unreachable.Reason);
            }
        }
        return null;
    }
}
