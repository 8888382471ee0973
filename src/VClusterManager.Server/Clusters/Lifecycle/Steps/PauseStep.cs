using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>The workload is paused and its pods are gone.</summary>
internal sealed class PauseStep(HostReads reads, VClusterCli cli, StepLimits limits) : IStep
{
    public string Name => "pause";

    public TimeSpan Limit => limits.Command;

    public Task<StepResult> RunAsync(StepContext context) => FreshLook.ThenAsync(reads, context, ActAsync);

    private static StepResult Stopped(ObservedCluster seen) =>
        seen.Pods.Count == 0
            ? new StepResult.Done()
            : new StepResult.Retry(TimeSpan.FromSeconds(5), $"Pod {seen.Pods[0].Name} is being stopped.");

    private async Task<StepResult> ActAsync(StepContext context, ObservedCluster seen)
    {
        if (FreshLook.WhyNot(context, seen) is { } no)
        {
            return no;
        }
        if (seen.Workload is { Paused: true, Replicas: 0 })
        {
            return Stopped(seen);
        }
        if (!context.TakeSlot())
        {
            return new StepResult.NoSlot();
        }
        await context.ActAsync("Runs vcluster pause.");
        return CliSteps.Meaning(await cli.PauseAsync(context.Key, context.OnLine, context.Stop));
    }
}
