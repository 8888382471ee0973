using System.Text.Json.Nodes;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters;

/// <summary>What the values inside a Helm release say of whose it is. Pure.</summary>
internal static class ReleaseStamps
{
    /// <summary>The chart that virtual clusters are made of.</summary>
    public const string Chart = "vcluster";

    private static readonly string[] Labels = ["controlPlane", "statefulSet", "labels"];
    private static readonly string[] Annotations = ["controlPlane", "advanced", "globalMetadata", "annotations"];
    private static readonly string[] Image = ["controlPlane", "distro", "k8s", "image"];

    /// <summary>What the CLI adds by itself when it is told not to call home, as the manager tells it.</summary>
    private static readonly JsonObject OfTheCli = new() { ["telemetry"] = new JsonObject { ["enabled"] = false } };

    /// <summary>The cluster that it was installed for; <see langword="null"/>: none of any manager's.</summary>
    public static string? IdIn(JsonObject values) => Text(values, Annotations, ClusterStamps.IdAnnotation);

    /// <summary>The manager instance that installed it.</summary>
    public static string? InstanceIn(JsonObject values) => Text(values, Labels, ClusterStamps.InstanceLabel);

    /// <summary>It is a virtual cluster that this manager has installed.</summary>
    public static bool IsOurs(HelmReleaseContent release, string instance) =>
        release.Chart == Chart && InstanceIn(release.Values) == instance;

    /// <summary>
    /// The values that somebody asked for, of those that were installed: without what the manager put to them (marks, the
    /// version's image tag), what is configured for all clusters, and what the CLI adds itself.
    /// </summary>
    public static JsonObject OwnValues(JsonObject installed, JsonObject configured)
    {
        var own = installed.DeepClone().AsObject();
        if (IdIn(own) is not null)
        {
            Take(own, Labels, key => ClusterStamps.Labels("").ContainsKey(key));
            Take(own, Annotations, key => key.StartsWith(ClusterStamps.Prefix, StringComparison.Ordinal));
            Take(own, Image, key => key == "tag");
            Subtract(own, configured);
            Subtract(own, OfTheCli);
        }
        return own;
    }

    private static string? Text(JsonObject values, string[] path, string key) =>
        At(values, path)?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? At(JsonObject values, IEnumerable<string> path) =>
        path.Aggregate<string, JsonObject?>(values, (map, key) => map?[key] as JsonObject);

    /// <summary>Takes entries away, and the maps that are empty then.</summary>
    private static void Take(JsonObject values, string[] path, Func<string, bool> isMark)
    {
        if (At(values, path) is not { } map)
        {
            return;
        }
        foreach (var key in map.Select(entry => entry.Key).Where(isMark).ToList())
        {
            map.Remove(key);
        }
        for (var depth = path.Length; depth > 0 && At(values, path[..depth]) is { Count: 0 }; depth--)
        {
            At(values, path[..(depth - 1)])!.Remove(path[depth - 1]);
        }
    }

    private static void Subtract(JsonObject from, JsonObject what)
    {
        foreach (var (key, value) in what)
        {
            if (from[key] is JsonObject map && value is JsonObject part)
            {
                Subtract(map, part);
                if (map.Count == 0)
                {
                    from.Remove(key);
                }
            }
            else if (from.ContainsKey(key) && JsonNode.DeepEquals(from[key], value))
            {
                from.Remove(key);
            }
        }
    }
}
