using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// All is seen to be gone, the namespace with it where it is ours. It is ours when our mark for this very cluster is on
/// it, and it is only taken away when nothing of anybody else is inside.
/// </summary>
internal sealed class GoneStep(HostReads reads, HostWrites writes, ForcedRelease forced, StepLimits limits) : IStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public string Name => "gone";

    public TimeSpan Limit => limits.Gone;

    public async Task<StepResult> RunAsync(StepContext context) =>
        await reads.NamespaceAsync(context.Row.Namespace, context.Stop) switch
        {
            HostAnswer<ObservedNamespace>.Missing => new StepResult.Done(),
            HostAnswer<ObservedNamespace>.Found found => await RemoveAsync(context, found.Value),
            HostAnswer<ObservedNamespace>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => throw new InvalidOperationException("An answer without a meaning."),
        };

    private async Task<StepResult> RemoveAsync(StepContext context, ObservedNamespace found)
    {
        if (!ClusterStamps.BelongsTo(found.Annotations, context.Row.Id))
        {
            return new StepResult.Done($"The namespace {found.Name} was not made for this cluster: kept.");
        }
        if (found.Terminating)
        {
            return await LetGoAsync(context, found)
                ?? new StepResult.Retry(
                    Pause,
                    $"Waits for the namespace {found.Name} to be gone. {string.Join(" ", found.DeletionConditions)}".TrimEnd()
                );
        }
        if (context.Row.KeepVolumes)
        {
            return new StepResult.Done($"The namespace {found.Name} is kept with the volumes.");
        }
        return await reads.StrangersAsync(context.Key, context.Stop) switch
        {
            HostAnswer<IReadOnlyList<HostTrace>>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            HostAnswer<IReadOnlyList<HostTrace>>.Found { Value.Count: > 0 } strangers => new StepResult.Done(
                $"The namespace {found.Name} is kept: it also holds {Traces.Describe(strangers.Value)}."
            ),
            _ => await DeleteAsync(context, found),
        };
    }

    /// <summary>All that is in it goes with it; a forced delete does not wait for what holds it.</summary>
    private async Task<StepResult?> LetGoAsync(StepContext context, ObservedNamespace found)
    {
        if (!forced.IsDue(context))
        {
            return null;
        }
        return await reads.HeldAsync(found.Name, context.Stop) switch
        {
            HostAnswer<IReadOnlyList<HostTrace>>.Found held => await forced.LetGoAsync(context, held.Value),
            HostAnswer<IReadOnlyList<HostTrace>>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => null,
        };
    }

    private async Task<StepResult> DeleteAsync(StepContext context, ObservedNamespace found)
    {
        context.Say($"Deletes the namespace {found.Name}.");
        return await writes.DeleteNamespaceAsync(found.Name, found.Uid, context.Stop) switch
        {
            HostWrite.Refused refused => new StepResult.Stalled(
                $"The namespace {found.Name} cannot be deleted: {refused.Reason}"
            ),
            HostWrite.Unreachable unreachable => Unreadable.Result(unreachable.Reason),
            _ => new StepResult.Retry(Pause, $"Waits for the namespace {found.Name} to be gone."),
        };
    }
}
