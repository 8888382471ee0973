using System.Text.Json;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>What is watched on the host, and which virtual cluster each object is part of.</summary>
internal static class HostSources
{
    public static WatchSource<ObservedNamespace> Namespaces(HostView view) =>
        new(
            new HostQuery(HostResource.Namespace),
            Observe.Namespace,
            (_, before, after) => view.NamespaceChanged(before, after)
        );

    public static WatchSource<Owned<ObservedWorkload>> StatefulSets(HostView view) =>
        Labelled(HostResource.StatefulSet, ClusterLabels.Workload, Observe.StatefulSet, view.StatefulSets.Change);

    public static WatchSource<Owned<ObservedWorkload>> Deployments(HostView view) =>
        Labelled(HostResource.Deployment, ClusterLabels.Workload, Observe.Deployment, view.Deployments.Change);

    public static WatchSource<Owned<ObservedPod>> Pods(HostView view) =>
        Labelled(HostResource.Pod, ClusterLabels.Ours, ObservePods.Pod, view.Pods.Change);

    public static WatchSource<Owned<ObservedVolumeClaim>> VolumeClaims(HostView view) =>
        Labelled(HostResource.VolumeClaim, ClusterLabels.Ours, Observe.VolumeClaim, view.VolumeClaims.Change);

    /// <summary>All releases of helm on the host, by their labels: which of them are of vcluster, the labels do not tell.</summary>
    public static WatchSource<Owned<ObservedRelease>> Releases(HostView view) =>
        Metadata("owner=helm", "name", meta => Observe.Release(meta), view.ReleaseSecrets.Change);

    public static WatchSource<Owned<KubeconfigSecret>> Kubeconfigs(HostView view) =>
        Metadata(
            $"{ClusterLabels.Workload},{ClusterLabels.SyncerSecret}",
            ClusterLabels.SyncerSecret,
            // The syncer marks its certificates in the same way.
            meta =>
                meta.Name == ClusterLabels.KubeconfigSecret(Observe.Label(meta, ClusterLabels.SyncerSecret) ?? "")
                    ? new KubeconfigSecret(meta.ResourceVersion ?? "")
                    : null,
            view.Kubeconfigs.Change
        );

    /// <summary>
    /// Warnings about clusters that are known: the host's other events are many, and are dropped as they are read. They
    /// explain and decide nothing, so the cache does not wait for them.
    /// </summary>
    public static WatchSource<Owned<ObservedWarning>> Warnings(HostView view)
    {
        return new(
            new HostQuery(HostResource.Event, Fields: "type=Warning"),
            Project,
            (_, before, after) => view.Warnings.Change(before, after)
        )
        {
            Required = false,
        };

        Owned<ObservedWarning>? Project(JsonElement json)
        {
            var home = json.GetProperty("metadata").GetProperty("namespace").GetString() ?? "";
            var names = view.NamesIn(home);
            if (names.IsEmpty)
                return null;
            var warning = Observe.Warning(json);
            foreach (var name in names)
            {
                if (ClusterParts.Concerns(warning, name.Name))
                    return new Owned<ObservedWarning>(name, warning);
            }

            return null;
        }
    }

    // What the chart makes: the cluster is named by the label "release".
    private static WatchSource<Owned<T>> Labelled<T>(
        HostResource resource,
        string labels,
        Func<JsonElement, T> project,
        Action<Owned<T>?, Owned<T>?> onChange
    )
        where T : class =>
        new(
            new HostQuery(resource, Labels: $"{labels},{ClusterLabels.Release}"),
            json => Owner(json, ClusterLabels.Release) is { } owner ? new Owned<T>(owner, project(json)) : null,
            (_, before, after) => onChange(before, after)
        );

    private static WatchSource<Owned<T>> Metadata<T>(
        string labels,
        string nameLabel,
        Func<ObjectMeta, T?> project,
        Action<Owned<T>?, Owned<T>?> onChange
    )
        where T : class =>
        new(
            new HostQuery(HostResource.Secret, Labels: labels, MetadataOnly: true),
            json =>
                Owner(json, nameLabel) is { } owner && project(Observe.Metadata(json)) is { } value
                    ? new Owned<T>(owner, value)
                    : null,
            (_, before, after) => onChange(before, after)
        );

    // Pods and claims of tenants may carry any labels, also these: the syncer's mark gives them away.
    private static NamespacedName? Owner(JsonElement json, string label)
    {
        var metadata = json.GetProperty("metadata");
        return
            metadata.TryGetProperty("labels", out var labels)
            && !labels.TryGetProperty(ClusterLabels.ManagedBy, out _)
            && labels.TryGetProperty(label, out var name)
            && name.GetString() is { Length: > 0 } cluster
            ? new NamespacedName(metadata.GetProperty("namespace").GetString() ?? "", cluster)
            : null;
    }
}
