using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// The Helm release is deployed in the newest generation. What is there decides what is run: nothing (it is done), a
/// repair (a release stuck in pending by a run that was killed), an upgrade (there is one already), or a create.
/// The generation is told by an annotation that went in with the values, so a stray run is known for what it is.
/// </summary>
internal sealed class InstallStep(
    HostView view,
    HostReads reads,
    Ownership ownership,
    VClusterCli cli,
    ManagerOptions options,
    StepLimits limits
) : IStep
{
    public string Name => "install";

    public TimeSpan Limit => limits.Command;

    public async Task<StepResult> RunAsync(StepContext context)
    {
        if (IsInstalled(context, view.Find(context.Key)))
        {
            return Installed(context);
        }
        return await FreshLook.ThenAsync(reads, context, ActAsync);
    }

    private static bool IsInstalled(StepContext context, ObservedCluster seen) =>
        ClusterStamps.WorkloadOf(context.Row, seen) is { Deleting: false } workload
        && ClusterStamps.GenerationOf(workload) == context.Row.Generation
        && seen.Releases is [{ Status: "deployed" }, ..];

    private static StepResult.Done Installed(StepContext context)
    {
        context.Findings.InstalledGeneration = context.Row.Generation;
        context.Findings.Installed = true;
        return new StepResult.Done();
    }

    private async Task<StepResult> ActAsync(StepContext context, ObservedCluster seen)
    {
        if (IsInstalled(context, seen))
        {
            return Installed(context);
        }
        var ours = await ownership.OfAsync(context.Row, seen, context.Stop);
        switch (ours)
        {
            case HostAnswer<bool>.Unreadable unreadable:
                return Unreadable.Result(unreadable.Reason, unreadable.Forbidden);
            case HostAnswer<bool>.Found { Value: false }:
                return new StepResult.Stalled(
                    $"There is something named {context.Key} on the host that is not this cluster: it is left alone."
                );
        }
        if (seen.Workload is { Paused: true, Replicas: 0 })
        {
            return new StepResult.Stalled(
                "It is paused on the host, and an upgrade would wake it half: resume it first."
            );
        }
        if (!context.TakeSlot())
        {
            return new StepResult.NoSlot();
        }
        return seen.Releases is [{ IsPending: true } stuck, ..]
            ? await RepairAsync(context, stuck, seen.Releases.Count > 1)
            : await CreateAsync(context, upgrade: ours is HostAnswer<bool>.Found);
    }

    private async Task<StepResult> CreateAsync(StepContext context, bool upgrade)
    {
        await context.ActAsync(upgrade ? "Runs vcluster create --upgrade." : "Runs vcluster create.");
        var values = RenderedValues.Of(context.Row, options);
        var result = await cli.CreateAsync(context.Key, values, upgrade, context.OnLine, context.Stop);
        return CliSteps.Meaning(result);
    }

    /// <summary>
    /// We hold the claim, so no run of ours is behind a pending release: it was left by one that was killed. A stray helm
    /// that still goes on makes this fail with a lock, and it is tried again. Where no earlier revision was ever deployed
    /// there is nothing to go back to, and the release is taken away.
    /// </summary>
    private async Task<StepResult> RepairAsync(StepContext context, ObservedRelease stuck, bool hasEarlier)
    {
        await context.ActAsync($"The Helm release is stuck in {stuck.Status} (revision {stuck.Revision}): repairs it.");
        if (hasEarlier && stuck.Status != "pending-install")
        {
            var back = await cli.RollbackReleaseAsync(context.Key, context.OnLine, context.Stop);
            if (back.Verdict != CliVerdict.ReleaseMissing)
            {
                return CliSteps.Meaning(back);
            }
        }
        return CliSteps.Meaning(await cli.UninstallReleaseAsync(context.Key, context.OnLine, context.Stop));
    }
}
