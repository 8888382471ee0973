using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VClusterManager.Server.Kubernetes.Observing;

/// <summary>What of the host's objects is kept. Pure.</summary>
internal static class Observe
{
    public static ObservedWorkload StatefulSet(JsonElement json)
    {
        var set = Read(json, ObjectShapes.Default.WorkloadShape);
        var (meta, replicas) = (set.Metadata, set.Spec?.Replicas ?? 1);
        return Workload(
            WorkloadKind.StatefulSet,
            meta,
            set.Spec?.Template?.Spec,
            replicas,
            set.Status?.ReadyReplicas ?? 0,
            (set.Status?.ObservedGeneration ?? 0) >= (meta.Generation ?? 0)
                && (set.Status?.UpdatedReplicas ?? 0) >= replicas
        );
    }

    public static ObservedWorkload Deployment(JsonElement json)
    {
        var deployment = Read(json, ObjectShapes.Default.WorkloadShape);
        var (meta, replicas) = (deployment.Metadata, deployment.Spec?.Replicas ?? 1);
        var updated = deployment.Status?.UpdatedReplicas ?? 0;
        return Workload(
            WorkloadKind.Deployment,
            meta,
            deployment.Spec?.Template?.Spec,
            replicas,
            deployment.Status?.ReadyReplicas ?? 0,
            // Old pods of a deployment run beside the new ones until these are ready.
            (deployment.Status?.ObservedGeneration ?? 0) >= (meta.Generation ?? 0)
                && updated >= replicas
                && (deployment.Status?.Replicas ?? 0) <= updated
        );
    }

    /// <summary>The host name or address at which a Service is balanced; <see langword="null"/>: it is not (yet).</summary>
    public static string? LoadBalancer(JsonElement json) =>
        Read(json, ObjectShapes.Default.ServiceShape).Status?.LoadBalancer?.Ingress is [var way, ..]
            ? way.Hostname ?? way.Ip
            : null;

    public static ObservedNamespace Namespace(JsonElement json)
    {
        var found = Read(json, ObjectShapes.Default.NamespaceShape);
        return new ObservedNamespace(
            found.Metadata.Name,
            found.Metadata.Uid ?? "",
            found.Metadata.DeletionTimestamp is not null || found.Status?.Phase == "Terminating",
            Map(found.Metadata.Labels),
            Map(found.Metadata.Annotations),
            // They are all about the deletion; those that are False say that all is well.
            [
                .. (found.Status?.Conditions ?? [])
                    .Where(c => c.Status == "True")
                    .Select(c => c.Message ?? c.Reason ?? c.Type ?? ""),
            ]
        )
        {
            CreatedAt = Time(found.Metadata.CreationTimestamp),
        };
    }

    public static ObservedVolumeClaim VolumeClaim(JsonElement json)
    {
        var claim = Read(json, ObjectShapes.Default.ClaimShape);
        return new ObservedVolumeClaim(
            claim.Metadata.Name,
            claim.Status?.Phase ?? "Pending",
            claim.Spec?.StorageClassName,
            claim.Metadata.DeletionTimestamp is not null
        );
    }

    /// <summary>A release from the labels of its secret: what is in it never leaves the host.</summary>
    public static ObservedRelease Release(ObjectMeta secret)
    {
        var modified = Label(secret, "modifiedAt") ?? Label(secret, "createdAt");
        return new ObservedRelease(
            secret.Name,
            int.TryParse(Label(secret, "version"), CultureInfo.InvariantCulture, out var revision) ? revision : 0,
            Label(secret, "status") ?? "unknown",
            long.TryParse(modified, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : Time(secret.CreationTimestamp)
        )
        {
            Uid = secret.Uid ?? "",
        };
    }

    public static ObservedWarning Warning(JsonElement json)
    {
        var warning = Read(json, ObjectShapes.Default.EventShape);
        // Two generations of the event API fill different fields.
        var seen =
            warning.Series?.LastObservedTime
            ?? warning.LastTimestamp
            ?? warning.EventTime
            ?? warning.Metadata.CreationTimestamp;
        return new ObservedWarning(
            warning.InvolvedObject?.Kind ?? "",
            warning.InvolvedObject?.Name ?? "",
            warning.Reason ?? "",
            warning.Message ?? "",
            warning.Series?.Count ?? warning.Count ?? 1,
            Time(seen)
        );
    }

    public static ObjectMeta Metadata(JsonElement json) =>
        Read(json.GetProperty("metadata"), ObjectShapes.Default.ObjectMeta);

    public static HostTrace Trace(HostResource resource, ObjectMeta meta) =>
        new(
            resource.Kind,
            resource.Namespaced ? meta.Namespace : null,
            meta.Name,
            meta.Uid ?? "",
            meta.DeletionTimestamp is not null,
            [.. meta.Finalizers ?? []]
        );

    public static string? Label(ObjectMeta meta, string name) =>
        meta.Labels is { } labels && labels.TryGetValue(name, out var value) ? value : null;

    public static string? Annotation(ObjectMeta meta, string name) =>
        meta.Annotations is { } annotations && annotations.TryGetValue(name, out var value) ? value : null;

    private static ObservedWorkload Workload(
        WorkloadKind kind,
        ObjectMeta meta,
        WorkloadShape.PodSpecShape? pod,
        int replicas,
        int ready,
        bool upToDate
    ) =>
        new(
            kind,
            meta.Uid ?? "",
            replicas,
            ready,
            upToDate,
            Annotation(meta, ClusterLabels.Paused) == "true",
            meta.DeletionTimestamp is not null,
            KubernetesTag(pod),
            Label(meta, "chart") is { } chart && chart.StartsWith("vcluster-", StringComparison.Ordinal)
                ? chart["vcluster-".Length..]
                : null,
            Time(meta.CreationTimestamp),
            Map(meta.Labels),
            Map(meta.Annotations)
        );

    // An init container brings Kubernetes; older charts have one for each of its binaries.
    private static string? KubernetesTag(WorkloadShape.PodSpecShape? pod)
    {
        var containers = (pod?.InitContainers ?? []).Concat(pod?.Containers ?? []);
        var image = containers.FirstOrDefault(c => c.Name is "kubernetes" or "kube-apiserver")?.Image?.Split('@')[0];
        var colon = image?.LastIndexOf(':') ?? -1;
        return colon > (image?.LastIndexOf('/') ?? -1) ? image![(colon + 1)..] : null;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static T Read<T>(JsonElement json, JsonTypeInfo<T> shape)
        where T : class => json.Deserialize(shape) ?? throw new JsonException("An object was expected, and is null.");

    internal static DateTimeOffset Time(DateTimeOffset? time) => time ?? DateTimeOffset.UnixEpoch;

    private static IReadOnlyDictionary<string, string> Map(Dictionary<string, string>? map) => map ?? Empty;

    private static readonly IReadOnlyDictionary<string, string> Empty = new Dictionary<string, string>();
}
