using System.Security.Cryptography;
using System.Text;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary>What a deleted release leaves on the host, because helm did not make it: volumes, and what the tenant's side had synced.</summary>
internal sealed class Leftovers(VClusterCall call, KubeClient client, VirtualCluster cluster)
{
    private const string CoreDnsSelector = "k8s-app=vcluster-kube-dns";
    private const string ManagedBy = "vcluster.loft.sh/managed-by";

    /// <param name="keepsClaims">The namespace goes anyway, and the claims with it.</param>
    public async Task DeleteAsync(bool keepsClaims)
    {
        await DeletePriorityClassesAsync();
        if (!keepsClaims && !call.Arguments.IsSet("keep-pvc"))
        {
            await DeleteClaimsAsync();
        }

        await DeleteConfigMapAsync();
        await DeleteCoreDnsAsync();
    }

    /// <summary>Whether it was there to be deleted.</summary>
    /// <exception cref="VerbException">It may not be deleted.</exception>
    public static async Task<bool> DeleteIfThereAsync(
        KubeClient client,
        Resource resource,
        string @namespace,
        string name
    )
    {
        try
        {
            await client.DeleteAsync(resource.Item(@namespace, name));
            return true;
        }
        catch (KubeException exception) when (exception.IsNotFound)
        {
            return false;
        }
        catch (KubeException exception)
        {
            throw new VerbException(
                $"delete {(resource == Kinds.Claims ? "pvc" : resource.Plural)}: {exception.Message}"
            );
        }
    }

    private async Task DeletePriorityClassesAsync()
    {
        try
        {
            var selector = $"{ManagedBy}={SafeName($"{cluster.Namespace}-x-{cluster.Name}")}";
            foreach (var found in await client.ListAsync(Kinds.PriorityClasses.Collection(""), selector))
            {
                await DeleteIfThereAsync(
                    client,
                    Kinds.PriorityClasses,
                    "",
                    found["metadata"]!["name"]!.GetValue<string>()
                );
            }
        }
        catch (KubeException exception) when (exception.IsForbidden)
        {
            // Those of a cluster that never synced any are none.
        }
    }

    /// <summary>As the CLI makes a label's value of what may be too long for one: cut, with a hash behind it.</summary>
    internal static string SafeName(string name)
    {
        if (name.Length <= 63)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"{name[..52]}-{hash[..10]}".Replace(".-", "-", StringComparison.Ordinal);
    }

    private async Task DeleteClaimsAsync()
    {
        var shown = $"data-{cluster.Name}-0";
        foreach (var claim in (string[])[shown, $"data-{cluster.Name}-etcd-0"])
        {
            if (await DeleteIfThereAsync(client, Kinds.Claims, cluster.Namespace, claim))
            {
                call.Log.Done($"Successfully deleted virtual cluster pvc {shown} in namespace {cluster.Namespace}");
            }
        }
    }

    private async Task DeleteConfigMapAsync()
    {
        var name = "configmap-" + cluster.Name;
        if (
            call.Arguments.IsSet("delete-configmap")
            && await DeleteIfThereAsync(client, Kinds.ConfigMaps, cluster.Namespace, name)
        )
        {
            call.Log.Done($"Successfully deleted ConfigMap {name} in namespace {cluster.Namespace}");
        }
    }

    private async Task DeleteCoreDnsAsync()
    {
        var @namespace = cluster.Namespace;
        string? problem = null;
        try
        {
            var query = $"?labelSelector={Uri.EscapeDataString(CoreDnsSelector)}";
            await client.DeleteAsync(Kinds.Deployments.Collection(@namespace) + query);
            await client.DeleteAsync(Kinds.Pods.Collection(@namespace) + query);
            foreach (var found in await client.ListAsync(Kinds.Services.Collection(@namespace), CoreDnsSelector))
            {
                await DeleteIfThereAsync(
                    client,
                    Kinds.Services,
                    @namespace,
                    found["metadata"]!["name"]!.GetValue<string>()
                );
            }
        }
        catch (KubeException exception)
        {
            problem = exception.Message;
        }

        call.Log.Info("Deleting CoreDNS components...");
        if (problem is not null)
        {
            call.Log.Warn("delete coreDNS components: " + problem);
        }
    }
}
