using System.Text.Json.Nodes;

namespace VCluster.StandIn.Helm;

/// <summary>The marks by which helm knows the objects of a release.</summary>
internal sealed class Ownership(string release, string @namespace)
{
    private const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string ReleaseName = "meta.helm.sh/release-name";
    private const string ReleaseNamespace = "meta.helm.sh/release-namespace";

    /// <summary>The object with helm's marks on it. They win over what the chart says.</summary>
    public JsonObject Marked(JsonObject content)
    {
        var marked = content.DeepClone().AsObject();
        var metadata = marked["metadata"]!.AsObject();
        metadata["labels"] ??= new JsonObject();
        metadata["labels"]![ManagedBy] = "Helm";
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]![ReleaseName] = release;
        metadata["annotations"]![ReleaseNamespace] = @namespace;
        return marked;
    }

    /// <summary>What keeps a live object from being this release's; empty when nothing does.</summary>
    public string FaultsOf(JsonObject live)
    {
        var metadata = live["metadata"]!.AsObject();
        string?[] faults =
        [
            Fault("label", metadata["labels"], ManagedBy, "Helm"),
            Fault("annotation", metadata["annotations"], ReleaseName, release),
            Fault("annotation", metadata["annotations"], ReleaseNamespace, @namespace),
        ];
        return string.Join("; ", faults.OfType<string>());
    }

    private static string? Fault(string what, JsonNode? marks, string key, string wanted) =>
        marks?[key]?.GetValue<string>() switch
        {
            null => $"{what} validation error: missing key \"{key}\": must be set to \"{wanted}\"",
            var value when value == wanted => null,
            var value =>
                $"{what} validation error: key \"{key}\" must equal \"{wanted}\": current value is \"{value}\"",
        };
}
