using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// The workload is ready in its newest form: every replica, as the StatefulSet itself counts them. The CLI's word
/// "Running" is only the pod's phase, and comes seconds too early.
/// </summary>
internal sealed class ReadyStep(HostView view, LastWords lastWords, StepLimits limits) : IStep
{
    public string Name => "ready";

    public TimeSpan Limit => limits.Ready;

    public async Task<StepResult> RunAsync(StepContext context)
    {
        var seen = view.Find(context.Key);
        if (IsNewest(context, seen.Workload) && IsReady(seen.Workload))
        {
            return new StepResult.Done();
        }
        var diagnosis = Diagnosis.Of(seen);
        var words = diagnosis.Hopeless ? await lastWords.OfAsync(seen, context.Stop) : "";
        return new StepResult.Retry(TimeSpan.FromSeconds(5), diagnosis.Message + words, diagnosis.Hopeless);
    }

    /// <summary>A watch may be seconds behind: an old workload that is ready says nothing about the new one.</summary>
    private static bool IsNewest(StepContext context, ObservedWorkload? workload) =>
        workload is not null
        && ClusterStamps.BelongsTo(workload, context.Row)
        && (
            context.Operation.Kind is not (OperationKind.Create or OperationKind.Update)
            || ClusterStamps.GenerationOf(workload) == context.Row.Generation
        );

    /// <remarks>
    /// The annotation that says "paused" is no part of it: an upgrade leaves it behind on a workload that runs.
    /// </remarks>
    public static bool IsReady(ObservedWorkload? workload) =>
        workload is { Deleting: false, UpToDate: true, Replicas: > 0 } && workload.ReadyReplicas >= workload.Replicas;
}
