using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// The workload is no longer paused. At first the host itself is asked: a watch that is late shows it as it was before the pause.
/// </summary>
internal sealed class ResumeStep(HostView view, HostReads reads, VClusterCli cli, StepLimits limits) : IStep
{
    public string Name => "resume";

    public TimeSpan Limit => limits.Command;

    public async Task<StepResult> RunAsync(StepContext context) =>
        context.WasDone(this) && IsAwake(ClusterStamps.WorkloadOf(context.Row, view.Find(context.Key)))
            ? new StepResult.Done()
            : await FreshLook.ThenAsync(reads, context, ActAsync);

    private static bool IsAwake(ObservedWorkload? workload) => workload is { Paused: false, Replicas: > 0 };

    private async Task<StepResult> ActAsync(StepContext context, ObservedCluster seen)
    {
        if (FreshLook.WhyNot(context, seen) is { } no)
        {
            return no;
        }
        if (IsAwake(seen.Workload))
        {
            return new StepResult.Done();
        }
        if (!context.TakeSlot())
        {
            return new StepResult.NoSlot();
        }
        await context.ActAsync("Runs vcluster resume.");
        return CliSteps.Meaning(await cli.ResumeAsync(context.Key, context.OnLine, context.Stop));
    }
}
