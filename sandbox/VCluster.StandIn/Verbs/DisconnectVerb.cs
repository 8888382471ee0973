using VCluster.StandIn.Finding;

namespace VCluster.StandIn.Verbs;

/// <summary><c>vcluster disconnect</c>: back to the kube context from which a cluster's context was made. That one stays.</summary>
internal sealed class DisconnectVerb(VClusterCall call)
{
    public Task RunAsync()
    {
        var parent = ContextNames.ParentOf(call.Context);
        if (string.IsNullOrEmpty(parent))
        {
            throw new VerbException(
                "current selected context \"\" is not a virtual cluster context. If you've used a custom context name you will "
                    + "need to switch manually using kubectl"
            );
        }

        call.KubeConfig.CurrentContext = parent;
        call.KubeConfig.Save();
        call.Log.Info($"Successfully disconnected and switched back to the original context: {parent}");
        return Task.CompletedTask;
    }
}
