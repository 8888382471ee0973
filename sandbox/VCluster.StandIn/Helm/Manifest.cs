using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Chart;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Helm;

/// <summary>One object of a release, with where it is served.</summary>
internal sealed record ManifestObject(Resource Resource, string Kind, string Namespace, string Name, JsonObject Content)
{
    public string Path => Resource.Item(Namespace, Name);

    public string Collection => Resource.Collection(Namespace);

    /// <summary>Two revisions speak of the same object when these are equal.</summary>
    public string Identity => $"{Resource.Root}/{Resource.Plural}/{Namespace}/{Name}";
}

/// <summary>The objects of a release as text and back, in the orders in which helm makes and takes them away.</summary>
internal static class Manifest
{
    private static readonly string[] InstallOrder =
    [
        "PriorityClass",
        "Namespace",
        "NetworkPolicy",
        "ResourceQuota",
        "LimitRange",
        "PodDisruptionBudget",
        "ServiceAccount",
        "Secret",
        "ConfigMap",
        "PersistentVolumeClaim",
        "ClusterRole",
        "ClusterRoleBinding",
        "Role",
        "RoleBinding",
        "Service",
        "DaemonSet",
        "Pod",
        "Deployment",
        "StatefulSet",
        "Job",
        "CronJob",
        "Ingress",
    ];

    private static readonly string[] UninstallOrder =
    [
        "Ingress",
        "Service",
        "CronJob",
        "Job",
        "StatefulSet",
        "Deployment",
        "Pod",
        "DaemonSet",
        "RoleBinding",
        "Role",
        "ClusterRoleBinding",
        "ClusterRole",
        "PersistentVolumeClaim",
        "ConfigMap",
        "Secret",
        "ServiceAccount",
        "PodDisruptionBudget",
        "LimitRange",
        "ResourceQuota",
        "NetworkPolicy",
        "Namespace",
        "PriorityClass",
    ];

    /// <summary>The text that a release keeps: every object under a note of its template, in install order.</summary>
    public static string Render(ChartArchive chart)
    {
        var documents =
            from template in chart.Templates
            orderby template.Name
            let rendered = ChartArchive.Render(template.Text)
            from document in rendered.Split("---\n", StringSplitOptions.RemoveEmptyEntries)
            select (template.Name, Text: document, Order: Position(InstallOrder, KindOf(document)));
        var text = new StringBuilder();
        foreach (var (name, document, _) in documents.OrderBy(item => item.Order))
        {
            text.Append($"---\n# Source: {ReleaseInput.ChartName}/{name}\n{document}");
        }

        return text.ToString();
    }

    /// <summary>The objects in a manifest, in install order.</summary>
    /// <exception cref="HelmException">A kind is not known.</exception>
    public static List<ManifestObject> Read(string manifest, string @namespace) =>
        [.. YamlReader.ReadAll(manifest).OfType<JsonObject>().Select(content => ReadObject(content, @namespace))];

    public static IEnumerable<ManifestObject> ForUninstall(IEnumerable<ManifestObject> objects) =>
        objects.OrderBy(item => Position(UninstallOrder, item.Kind));

    private static ManifestObject ReadObject(JsonObject content, string @namespace)
    {
        var (version, kind) = (content["apiVersion"]!.GetValue<string>(), content["kind"]!.GetValue<string>());
        var metadata = content["metadata"]!.AsObject();
        var name = metadata["name"]!.ToString();
        var resource =
            Kinds.Find(version, kind)
            ?? throw new HelmException(
                $"unable to build kubernetes objects from release manifest: resource mapping not found for name: \"{name}\" "
                    + $"namespace: \"\" from \"\": no matches for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first"
            );
        var where = !resource.Namespaced ? "" : metadata["namespace"]?.GetValue<string>() ?? @namespace;
        return new ManifestObject(resource, kind, where, name, content);
    }

    private static string KindOf(string document)
    {
        const string key = "kind: ";
        var line = document.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? "" : line[key.Length..].Trim();
    }

    private static int Position(string[] order, string kind)
    {
        var position = Array.IndexOf(order, kind);
        return position < 0 ? order.Length : position;
    }
}
