using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Snapshots;

/// <summary>The objects of one cluster and the key of its tokens as they lie on disk.</summary>
internal static class ClusterSnapshot
{
    public static JsonObject Of(EmulatedCluster cluster)
    {
        var objects = new JsonArray();
        var version = cluster.Store.Version;
        foreach (var resource in ResourceCatalog.InStore)
        {
            foreach (var stored in cluster.Store.List(resource).Objects)
            {
                objects.Add(stored.Json.DeepClone());
            }
        }

        return new JsonObject
        {
            ["version"] = Math.Max(version, cluster.Store.Version),
            ["token_key"] = cluster.ServiceAccountTokens.KeyPem,
            ["objects"] = objects,
        };
    }

    public static string? TokenKey(JsonObject? snapshot) => snapshot.Text("token_key");

    /// <summary>Puts the objects back; false when there is nothing to put back.</summary>
    public static bool Restore(EmulatedCluster cluster, JsonObject? snapshot)
    {
        if (snapshot is null)
        {
            return false;
        }

        var objects = snapshot
            .Objects("objects")
            .Select(json =>
                (
                    Resource: ResourceCatalog.FindKind(json.Text("apiVersion") ?? "", json.Text("kind") ?? ""),
                    Json: json.Copy()
                )
            )
            .Where(entry => entry.Resource is not null)
            .Select(entry => (entry.Resource!, entry.Json));
        cluster.Store.Restore(long.Parse(snapshot["version"]!.ToJsonString(), CultureInfo.InvariantCulture), objects);
        return true;
    }
}
