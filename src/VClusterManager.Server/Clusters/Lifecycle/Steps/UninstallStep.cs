using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// Workload and Helm release are gone. The CLI deletes what it can see; what it cannot see (a release stuck in pending,
/// one without a workload) helm takes away; a workload without a release is left to the clean-up.
/// "couldn't find vcluster" is never believed: the host is looked at again.
/// </summary>
internal sealed class UninstallStep(HostReads reads, Ownership ownership, VClusterCli cli, StepLimits limits) : IStep
{
    public string Name => "uninstall";

    public TimeSpan Limit => limits.Command;

    public Task<StepResult> RunAsync(StepContext context) => FreshLook.ThenAsync(reads, context, ActAsync);

    private async Task<StepResult> ActAsync(StepContext context, ObservedCluster seen)
    {
        switch (await ownership.OfAsync(context.Row, seen, context.Stop))
        {
            case HostAnswer<bool>.Unreadable unreadable:
                return Unreadable.Result(unreadable.Reason, unreadable.Forbidden);
            case HostAnswer<bool>.Found { Value: false }:
                return new StepResult.Done($"What is named {context.Key} on the host is not this cluster: left alone.");
            case HostAnswer<bool>.Missing:
                return new StepResult.Done();
        }
        context.Findings.Installed = true;
        if (seen.Releases.Count == 0)
        {
            return new StepResult.Done("There is no Helm release: the objects are deleted one by one.");
        }
        if (!context.TakeSlot())
        {
            return new StepResult.NoSlot();
        }
        var result = await RunAsync(context, seen);
        return result.Verdict switch
        {
            CliVerdict.ReleaseMissing => new StepResult.Done(result.Message),
            CliVerdict.Failed
            or CliVerdict.TimedOut
            or CliVerdict.ToolBroken
            or CliVerdict.LockHeld when context.Row.ForceDelete => new StepResult.Done(
                $"Forced, since the CLI could not: {result.Message}"
            ),
            _ => CliSteps.Meaning(result),
        };
    }

    private async Task<CliResult> RunAsync(StepContext context, ObservedCluster seen)
    {
        if (seen.Workload is null || seen.Releases[0].IsPending)
        {
            await context.ActAsync(
                $"Runs helm uninstall: the release is {seen.Releases[0].Status}{(seen.Workload is null ? ", without a workload" : "")}."
            );
            return await cli.UninstallReleaseAsync(context.Key, context.OnLine, context.Stop);
        }
        await context.ActAsync("Runs vcluster delete.");
        return await cli.DeleteAsync(context.Key, context.Row.KeepVolumes, context.OnLine, context.Stop);
    }
}
