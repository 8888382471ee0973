using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Terminal;

namespace VCluster.StandIn.Finding;

/// <summary>There is no such cluster, or the API could not be asked: the real CLI says the same of both.</summary>
internal sealed class ClusterNotFoundException(string name) : Exception($"couldn't find vcluster {name}");

/// <summary>
/// Finds virtual clusters by their workloads. In a context that <c>connect</c> made, it looks there and in the context
/// that it was made from. What cannot be read is warned of and counts as nothing.
/// </summary>
internal sealed class ClusterFinder(KubeConfigFile file, Log log)
{
    private const string UserAgent = "vcluster/v0.0.0 (linux/amd64) kubernetes/$Format";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public const string Selector = "app=vcluster";

    /// <exception cref="KubeConfigException">The kubeconfig names no server.</exception>
    public KubeClient Connect(string context)
    {
        try
        {
            return new KubeClient(KubeEndpoint.From(file, context), UserAgent, Patience);
        }
        catch (KubeConfigException exception)
        {
            throw new KubeConfigException("failed to create kube client: " + exception.Message);
        }
    }

    /// <summary>The one cluster of that name.</summary>
    /// <exception cref="ClusterNotFoundException">There is none, or the API did not answer.</exception>
    public async Task<VirtualCluster> GetAsync(KubeClient client, string name, string @namespace)
    {
        if (name.Length == 0)
        {
            throw new InvalidDataException("please specify a name");
        }

        return await ListAsync(client, name, @namespace) switch
        {
            [] => throw new ClusterNotFoundException(name),
            [var only] => only,
            _ => throw new InvalidDataException(
                $"multiple vclusters with name {name} found, please specify a namespace via --namespace to select the correct one"
            ),
        };
    }

    public async Task<List<VirtualCluster>> ListAsync(KubeClient client, string name, string @namespace)
    {
        List<VirtualCluster> clusters = [];
        try
        {
            clusters = await ListInAllContextsAsync(client, name, @namespace);
        }
        catch (KubeException exception)
        {
            log.Warn($"Error retrieving vclusters: find vcluster: {exception.Message}");
        }

        await AskForPlatformAsync(client);
        return clusters;
    }

    private async Task<List<VirtualCluster>> ListInAllContextsAsync(KubeClient client, string name, string @namespace)
    {
        if (ContextNames.ParentOf(client.Endpoint.Context) is not { Length: > 0 } parent)
        {
            return await ListInAsync(client, name, @namespace);
        }

        List<VirtualCluster> clusters = [];
        try
        {
            clusters = await ListInAsync(client, name, @namespace);
        }
        catch (KubeException)
        {
            // A virtual cluster that does not answer hides nothing of its host.
        }

        using var host = Connect(parent);
        return [.. clusters, .. await ListInAsync(host, name, @namespace)];
    }

    /// <summary>Asks whether a platform is installed beside it; warns when even that cannot be asked.</summary>
    private async Task AskForPlatformAsync(KubeClient client)
    {
        try
        {
            await client.FindAsync("apis/storage.loft.sh/v1");
        }
        catch (KubeException exception)
        {
            log.Warn(
                "Error when checking if VirtualClusterInstance resources are available: failed to retrieve server resources "
                    + $"for group/version 'storage.loft.sh/v1': {exception.Message}"
            );
        }

        log.Debug("VirtualClusterInstance resources are not available on the server.");
    }

    private async Task<List<VirtualCluster>> ListInAsync(KubeClient client, string name, string @namespace)
    {
        List<VirtualCluster> clusters = [];
        foreach (var kind in (Resource[])[Kinds.StatefulSets, Kinds.Deployments])
        {
            foreach (var workload in await ListWorkloadsAsync(client, kind, @namespace))
            {
                var release = workload["metadata"]?["labels"]?["release"]?.GetValue<string>();
                if (release is not null && (name.Length == 0 || name == release))
                {
                    await AddAsync(clusters, client, workload, release);
                }
            }
        }

        return clusters;
    }

    private static async Task<List<JsonObject>> ListWorkloadsAsync(KubeClient client, Resource kind, string @namespace)
    {
        try
        {
            return await client.ListAsync(kind.Collection(@namespace), Selector);
        }
        catch (KubeException exception) when (exception.IsForbidden)
        {
            var own = client.Endpoint.Namespace is { Length: > 0 } given ? given : "default";
            return await client.ListAsync(kind.Collection(own), Selector);
        }
    }

    private async Task AddAsync(List<VirtualCluster> clusters, KubeClient client, JsonObject workload, string release)
    {
        try
        {
            clusters.Add(await ClusterReading.ReadAsync(client, workload, release));
        }
        catch (KubeException exception)
        {
            log.Debug($"Error getting vCluster {release}: {exception.Message}");
        }
    }
}
