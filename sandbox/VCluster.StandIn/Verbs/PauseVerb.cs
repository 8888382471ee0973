using VCluster.StandIn.Faults;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary><c>vcluster pause</c>: the workload to no replicas with a note of how many there were, and the tenant's pods away.</summary>
internal sealed class PauseVerb(VClusterCall call, FaultPlan plan)
{
    private const string ManagedBy = "vcluster.loft.sh/managed-by";

    public async Task RunAsync()
    {
        using var client = call.Finder().Connect(call.Context);
        var cluster = await call.Finder().GetAsync(client, call.Name, call.Namespace);
        await plan.AtMiddleAsync(call);
        if (cluster.Status == VirtualCluster.Sleeping)
        {
            call.Log.Info($"vcluster {cluster.Namespace}/{cluster.Name} is already sleeping");
        }
        else
        {
            await new Scaling(call, client, cluster).DownAsync();
            await DeletePodsAsync(client, cluster);
        }

        call.Log.Done($"Successfully paused vcluster {cluster.Namespace}/{cluster.Name}");
    }

    private static async Task DeletePodsAsync(KubeClient client, VirtualCluster cluster)
    {
        var own = await client.ListAsync(Kinds.Pods.Collection(cluster.Namespace), $"{ManagedBy}={cluster.Name}");
        foreach (var pod in own)
        {
            await DeleteAsync(client, cluster.Namespace, pod["metadata"]!["name"]!.GetValue<string>());
        }

        try
        {
            var selector = $"{ManagedBy}={cluster.Namespace}-x-{cluster.Name}";
            foreach (var found in await client.ListAsync(Kinds.Namespaces.Collection(""), selector))
            {
                var @namespace = found["metadata"]!["name"]!.GetValue<string>();
                foreach (var pod in await client.ListAsync(Kinds.Pods.Collection(@namespace)))
                {
                    await DeleteAsync(client, @namespace, pod["metadata"]!["name"]!.GetValue<string>());
                }
            }
        }
        catch (KubeException exception) when (exception.IsForbidden)
        {
            // Without rights to list namespaces the cluster cannot have made any.
        }
    }

    private static async Task DeleteAsync(KubeClient client, string @namespace, string name)
    {
        try
        {
            await client.DeleteAsync(Kinds.Pods.Item(@namespace, name));
        }
        catch (KubeException exception) when (exception.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }
}
