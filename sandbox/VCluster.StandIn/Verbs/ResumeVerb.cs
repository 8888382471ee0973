using VCluster.StandIn.Faults;
using VCluster.StandIn.Finding;

namespace VCluster.StandIn.Verbs;

/// <summary><c>vcluster resume</c>: as many replicas as there were before the pause.</summary>
internal sealed class ResumeVerb(VClusterCall call, FaultPlan plan)
{
    public async Task RunAsync()
    {
        using var client = call.Finder().Connect(call.Context);
        var cluster = await call.Finder().GetAsync(client, call.Name, call.Namespace);
        await plan.AtMiddleAsync(call);
        if (cluster.Status == VirtualCluster.ScaledDown)
        {
            throw new VerbException(
                $"tenant cluster {cluster.Name} in namespace {cluster.Namespace} is scaled down but not paused, please pause it "
                    + $"first with 'vcluster pause {cluster.Name} --namespace {cluster.Namespace}' before resuming"
            );
        }

        await new Scaling(call, client, cluster).UpAsync();
        call.Log.Done($"Successfully resumed vcluster {cluster.Name} in namespace {cluster.Namespace}");
    }
}
