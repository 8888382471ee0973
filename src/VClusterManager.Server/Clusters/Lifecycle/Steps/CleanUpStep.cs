using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// What the CLI leaves behind is gone: volumes beyond the first, config, a workload without its release. Nothing is
/// touched unless this cluster was installed here or the namespace is its own, and each object is deleted only if it
/// still is the one that was seen.
/// </summary>
internal sealed class CleanUpStep(
    HostReads reads,
    Ownership ownership,
    HostWrites writes,
    ForcedRelease forced,
    StepLimits limits
) : IStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public string Name => "clean up";

    public TimeSpan Limit => limits.Gone;

    public async Task<StepResult> RunAsync(StepContext context)
    {
        var look = await reads.LookAsync(context.Key, context.Stop);
        if (look is not HostAnswer<ObservedCluster>.Found { Value: var seen })
        {
            return look is HostAnswer<ObservedCluster>.Unreadable away
                ? Unreadable.Result(away.Reason, away.Forbidden)
                : new StepResult.Retry(Pause, "Looks again.");
        }
        switch (await ownership.OfAsync(context.Row, seen, context.Stop))
        {
            case HostAnswer<bool>.Unreadable unreadable:
                return Unreadable.Result(unreadable.Reason, unreadable.Forbidden);
            case HostAnswer<bool>.Found { Value: false }:
                return new StepResult.Done("Something else has the name on the host: nothing is touched.");
            case HostAnswer<bool>.Missing when !Ownership.IsHome(context.Row, seen) && !context.Row.Installed:
                return new StepResult.Done(
                    "It was never installed, and the namespace is not its own: nothing is touched."
                );
        }
        return await reads.TracesAsync(context.Key, context.Stop) switch
        {
            HostAnswer<IReadOnlyList<HostTrace>>.Found found => await RemoveAsync(context, found.Value),
            HostAnswer<IReadOnlyList<HostTrace>>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => new StepResult.Done(),
        };
    }

    private async Task<StepResult> RemoveAsync(StepContext context, IReadOnlyList<HostTrace> traces)
    {
        var left = traces.Where(t => !IsKept(context, t)).ToList();
        if (left.Count == 0)
        {
            return new StepResult.Done(traces.Count == 0 ? "" : $"Kept: {Traces.Describe(traces)}.");
        }
        foreach (var trace in left.Where(t => !t.Deleting))
        {
            context.Say($"Deletes {trace}.");
            switch (await writes.DeleteAsync(trace, context.Stop))
            {
                case HostWrite.Refused refused:
                    return new StepResult.Stalled($"{trace} cannot be deleted: {refused.Reason}");
                case HostWrite.Unreachable unreachable:
                    return Unreadable.Result(unreachable.Reason);
            }
        }
        return await forced.LetGoAsync(context, left)
            ?? new StepResult.Retry(Pause, $"Waits for {Traces.Describe(left)} to be gone.");
    }

    private static bool IsKept(StepContext context, HostTrace trace) =>
        context.Row.KeepVolumes && trace.Kind == "PersistentVolumeClaim";
}
