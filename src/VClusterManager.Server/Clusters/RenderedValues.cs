using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters;

/// <summary>The values file of a cluster: what is configured, what was asked for, and our marks. Pure.</summary>
internal static class RenderedValues
{
    public static string Of(ClusterRow row, ManagerOptions options) =>
        VClusterValues.Render(
            options.VCluster.Values,
            row.ValuesJson is { } own ? JsonNode.Parse(own)!.AsObject() : null,
            row.KubernetesImageTag,
            ClusterStamps.Labels(options.Server.Instance),
            ClusterStamps.Identity(row)
        );
}
