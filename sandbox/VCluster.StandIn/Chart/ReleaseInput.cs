using System.Text.Json.Nodes;
using VCluster.StandIn.Values;

namespace VCluster.StandIn.Chart;

/// <summary>What the chart's objects are made from: the release's name and namespace, and all values.</summary>
internal sealed record ReleaseInput(string Name, string Namespace, JsonObject Values)
{
    public const string ChartName = "vcluster";
    public const string ChartVersion = "0.34.7";

    public string ControlPlaneAccount => Text("controlPlane.advanced.serviceAccount.name", "vc-" + Name);

    public string WorkloadAccount => Text("controlPlane.advanced.workloadServiceAccount.name", "vc-workload-" + Name);

    /// <summary>With a volume of its own the workload is a StatefulSet, without one a Deployment.</summary>
    public bool HasVolumeClaim =>
        List("controlPlane.statefulSet.persistence.volumeClaimTemplates").Count > 0
        || Text("controlPlane.statefulSet.persistence.volumeClaim.enabled") switch
        {
            "true" => true,
            "auto" => ConfigRules.StoreOf(Values) is "embedded-database" or "embedded-etcd",
            _ => false,
        };

    public JsonNode? At(string path) => ValuesTree.At(Values, path);

    public bool IsOn(string path) => ValuesTree.IsOn(Values, path);

    public string Text(string path, string standard = "") =>
        At(path)?.ToString() is { Length: > 0 } text ? text : standard;

    public int Number(string path) => int.TryParse(Text(path), out var number) ? number : 0;

    /// <summary>A copy of the map at a path; empty when there is none.</summary>
    public JsonObject Map(string path) => At(path) is JsonObject map ? map.DeepClone().AsObject() : [];

    /// <summary>A copy of the list at a path; empty when there is none.</summary>
    public JsonArray List(string path) => At(path) is JsonArray list ? list.DeepClone().AsArray() : [];

    /// <summary>REGISTRY/REPOSITORY:TAG from the <c>image</c> section at a path.</summary>
    public string Image(string path, string tag)
    {
        var registry = Text("controlPlane.advanced.defaultImageRegistry", Text(path + ".registry"));
        var repository = Text(path + ".repository");
        var name = registry.Length > 0 ? $"{registry.TrimEnd('/')}/{repository}" : repository;
        return tag.Length > 0 ? $"{name}:{tag}" : name;
    }

    /// <summary>The metadata of one of the chart's objects.</summary>
    public JsonObject Metadata(string name, string? section = null, string app = ChartName, bool inNamespace = true)
    {
        var labels = new JsonObject
        {
            ["app"] = app,
            ["chart"] = $"{ChartName}-{ChartVersion}",
            ["release"] = Name,
            ["heritage"] = "Helm",
        };
        var annotations = Map("controlPlane.advanced.globalMetadata.annotations");
        if (section is not null)
        {
            ValuesTree.Merge(labels, Map(section + ".labels"));
            var own = Map(section + ".annotations");
            ValuesTree.Merge(own, annotations);
            annotations = own;
        }

        var metadata = new JsonObject { ["name"] = name, ["labels"] = labels };
        if (inNamespace)
        {
            metadata["namespace"] = Namespace;
        }

        if (annotations.Count > 0)
        {
            metadata["annotations"] = annotations;
        }

        return metadata;
    }
}
