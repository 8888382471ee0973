using System.Globalization;
using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Finding;

/// <summary>What a workload, its Secret and its pods say of a cluster.</summary>
internal static class ClusterReading
{
    /// <exception cref="KubeException">Its pods cannot be read.</exception>
    public static async Task<VirtualCluster> ReadAsync(KubeClient client, JsonObject workload, string release)
    {
        var metadata = workload["metadata"]!.AsObject();
        var @namespace = metadata["namespace"]!.GetValue<string>();
        var paused = metadata["annotations"]?["loft.sh/paused"]?.GetValue<string>() == "true";
        return new VirtualCluster(
            release,
            @namespace,
            client.Endpoint.Context,
            paused ? VirtualCluster.Paused : await StatusAsync(client, @namespace, release, workload),
            VirtualCluster.VersionOf(workload),
            DateTimeOffset.Parse(metadata["creationTimestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture)
        );
    }

    private static async Task<string> StatusAsync(
        KubeClient client,
        string @namespace,
        string release,
        JsonObject workload
    )
    {
        if (await SleepsAsync(client, @namespace, release))
        {
            return VirtualCluster.Sleeping;
        }

        var pods = await client.ListAsync(
            Kinds.Pods.Collection(@namespace),
            $"{ClusterFinder.Selector},release={release}"
        );
        return pods is [.., var last] ? PodStatus.Of(last)
            : workload["spec"]?["replicas"]?.GetValue<int>() == 0 ? VirtualCluster.ScaledDown
            : "";
    }

    private static async Task<bool> SleepsAsync(KubeClient client, string @namespace, string release)
    {
        try
        {
            var config = await client.FindAsync(Kinds.Secrets.Item(@namespace, "vc-config-" + release));
            return config?["metadata"]?["annotations"]?["sleepmode.loft.sh/sleep-type"] is not null;
        }
        catch (KubeException)
        {
            return false;
        }
    }
}
