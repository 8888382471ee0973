namespace VClusterManager.Server.Kubernetes.Observing;

/// <summary>Puts the parts of one cluster together, the same way for the cache and for a live look. Pure.</summary>
internal static class ClusterParts
{
    public const int MostWarnings = 20;

    /// <summary>While the chart changes its kind there are two for a moment: the one that stays counts.</summary>
    public static ObservedWorkload? Workload(IReadOnlyCollection<ObservedWorkload> found) =>
        found.OrderBy(w => w.Deleting).ThenByDescending(w => w.CreatedAt).FirstOrDefault();

    public static IReadOnlyList<ObservedRelease> NewestFirst(IEnumerable<ObservedRelease> releases) =>
        [.. releases.OrderByDescending(r => r.Revision)];

    /// <summary>What was said of an earlier cluster of the same name is left out.</summary>
    public static IReadOnlyList<ObservedWarning> Warnings(
        NamespacedName key,
        ObservedWorkload? workload,
        IEnumerable<ObservedWarning> ofNamespace
    ) =>
        [
            .. ofNamespace
                .Where(w => Concerns(w, key.Name) && (workload is null || w.LastSeen >= workload.CreatedAt))
                .OrderByDescending(w => w.LastSeen)
                .Take(MostWarnings),
        ];

    /// <summary>About its workload, pods or claims; not about what its tenants run (<c>POD-x-NAMESPACE-x-NAME</c>).</summary>
    public static bool Concerns(ObservedWarning warning, string cluster) =>
        warning.ObjectKind switch
        {
            "StatefulSet" or "Deployment" => warning.ObjectName == cluster || warning.ObjectName == $"{cluster}-etcd",
            "ReplicaSet" => IsMadeBy(warning.ObjectName, cluster),
            "Pod" => IsMadeBy(warning.ObjectName, cluster)
                && !warning.ObjectName.Contains("-x-", StringComparison.Ordinal),
            "PersistentVolumeClaim" => IsMadeBy(warning.ObjectName, $"data-{cluster}"),
            _ => false,
        };

    private static bool IsMadeBy(string name, string owner) =>
        name.Length > owner.Length && name[owner.Length] == '-' && name.StartsWith(owner, StringComparison.Ordinal);
}
