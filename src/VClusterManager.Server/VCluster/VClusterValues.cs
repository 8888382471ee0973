using System.Text.Json.Nodes;

namespace VClusterManager.Server.VCluster;

/// <summary>What goes into the CLI's values file. Pure.</summary>
internal static class VClusterValues
{
    /// <summary>Maps merge recursively, everything else is replaced, null removes.</summary>
    public static JsonObject Merge(JsonObject under, JsonObject over)
    {
        var merged = under.DeepClone().AsObject();
        foreach (var (key, value) in over)
        {
            if (value is null)
                merged.Remove(key);
            else if (value is JsonObject map)
                merged[key] = Merge(merged[key] as JsonObject ?? [], map);
            else
                merged[key] = value.DeepClone();
        }

        return merged;
    }

    /// <summary>The paths in <paramref name="values"/> that an editor may not set, such as <c>controlPlane.advanced</c>.</summary>
    /// <inheritdoc cref="DeniedValues" path="/remarks"/>
    public static IReadOnlyList<string> Denied(JsonObject values, IReadOnlyList<string> deniedPaths) =>
        new DeniedValues(deniedPaths).Find(values);

    /// <summary>Merges configuration's and the caller's values, sets version and identity, and writes YAML.</summary>
    public static string Render(
        JsonObject configured,
        JsonObject? own,
        string imageTag,
        IReadOnlyDictionary<string, string> workloadLabels,
        IReadOnlyDictionary<string, string> annotations
    )
    {
        var values = Merge(configured, own ?? []);
        var controlPlane = Map(values, "controlPlane");

        // A cluster that was adopted may run an image without a tag: which one, its own values say.
        if (imageTag.Length > 0)
            SetTag(Map(Map(controlPlane, "distro"), "k8s"), imageTag);

        // On the workload and on everything the chart makes from the first moment, whoever runs the CLI.
        Set(Map(Map(controlPlane, "statefulSet"), "labels"), workloadLabels);
        Set(Map(Map(Map(controlPlane, "advanced"), "globalMetadata"), "annotations"), annotations);
        return ValuesYaml.Write(values);
    }

    // An image is a map of registry, repository and tag, or all of it in one string.
    private static void SetTag(JsonObject kubernetes, string imageTag)
    {
        // Older than the image's tag, and wins over it.
        kubernetes.Remove("version");
        if (kubernetes["image"] is JsonValue whole && whole.TryGetValue<string>(out var image))
            kubernetes["image"] = $"{Repository(image)}:{imageTag}";
        else
            Map(kubernetes, "image")["tag"] = imageTag;
    }

    private static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    private static JsonObject Map(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject map)
            return map;
        var made = new JsonObject();
        parent[key] = made;
        return made;
    }

    private static void Set(JsonObject map, IReadOnlyDictionary<string, string> entries)
    {
        foreach (var (key, value) in entries)
            map[key] = value;
    }
}
