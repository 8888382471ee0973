using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Preflight;

/// <summary>
/// The rights that the manager needs on the host: the same as in <c>k8s/rbac.yaml</c>, where it says who needs each and
/// what for. Those of the shipped endpoints are not among them: operators may do without.
/// </summary>
internal static class NeededRights
{
    /// <summary>What the manager, the CLI and helm use.</summary>
    public static IReadOnlyList<RightsRule> Used { get; } =
    [
        new([""], ["namespaces"], ["get", "list", "watch", "create", "patch", "delete"]),
        new(["apps"], ["statefulsets", "deployments"], ["get", "list", "watch", "create", "patch", "delete"]),
        new(
            ["apps"],
            ["deployments"],
            ["deletecollection"],
            "what clusters of old versions ran beside them is left behind by a delete"
        ),
        new([""], ["pods"], ["list", "watch", "patch", "delete", "deletecollection"]),
        new([""], ["pods/log"], ["get"], "logs of control planes cannot be shown"),
        new(
            [""],
            ["pods/portforward"],
            ["get", "create"],
            "nobody gets into a cluster where the manager runs outside of the host"
        ),
        new([""], ["secrets"], ["get", "list", "watch", "create", "update", "patch", "delete"]),
        new(
            [""],
            ["services", "serviceaccounts"],
            ["get", "list", "create", "patch", "delete"],
            "clusters cannot be created and deleted"
        ),
        new(
            [""],
            ["resourcequotas", "limitranges"],
            ["get", "list", "create", "patch", "delete"],
            "clusters cannot be created with the default values"
        ),
        new(
            [""],
            ["persistentvolumeclaims"],
            ["list", "watch", "patch", "delete"],
            "volumes of clusters are not seen, or left behind"
        ),
        new([""], ["configmaps"], ["list", "patch", "delete"], "clusters cannot be deleted wholly"),
        new(
            ["networking.k8s.io"],
            ["ingresses", "networkpolicies"],
            ["list", "patch", "delete"],
            "clusters cannot be deleted wholly"
        ),
        new(["policy"], ["poddisruptionbudgets"], ["list", "patch", "delete"], "clusters cannot be deleted wholly"),
        new(["apps"], ["daemonsets"], ["list", "patch"], "namespaces cannot be deleted with their clusters"),
        new(["batch"], ["jobs", "cronjobs"], ["list", "patch"], "namespaces cannot be deleted with their clusters"),
        new([""], ["events"], ["list", "watch"], "why a cluster does not start is not told"),
        new(
            ["rbac.authorization.k8s.io"],
            ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
            ["get", "list", "create", "patch", "delete"],
            "clusters cannot be created and deleted"
        ),
        new(["storage.k8s.io"], ["storageclasses"], ["list"], "a missing default StorageClass is not told"),
    ];

    /// <summary>What the chart gives to the account of every cluster: who does not hold it cannot give it.</summary>
    public static IReadOnlyList<RightsRule> PassedOn { get; } =
    [
        Grant(
            [""],
            [
                "configmaps",
                "secrets",
                "services",
                "pods",
                "pods/attach",
                "pods/portforward",
                "pods/exec",
                "persistentvolumeclaims",
            ],
            ["create", "delete", "patch", "update", "get", "list", "watch"]
        ),
        Grant([""], ["pods/status", "pods/ephemeralcontainers", "pods/resize"], ["patch", "update"]),
        Grant(["apps"], ["statefulsets", "replicasets", "deployments"], ["get", "list", "watch", "patch", "update"]),
        Grant([""], ["endpoints"], ["create", "delete", "patch", "update", "get", "list", "watch"]),
        Grant(
            ["discovery.k8s.io"],
            ["endpointslices"],
            ["create", "delete", "patch", "update", "get", "list", "watch"]
        ),
        Grant([""], ["pods/log"], ["get", "list", "watch"]),
        Grant(["", "events.k8s.io"], ["events"], ["create", "get", "list", "watch"]),
        Grant(
            ["networking.k8s.io"],
            ["ingresses", "networkpolicies"],
            ["create", "delete", "patch", "update", "get", "list", "watch"]
        ),
        Grant([""], ["serviceaccounts"], ["create", "delete", "patch", "update", "get", "list", "watch"]),
        Grant(["policy"], ["poddisruptionbudgets"], ["create", "delete", "patch", "update", "get", "list", "watch"]),
        Grant(
            ["snapshot.storage.k8s.io"],
            ["volumesnapshots", "volumesnapshotcontents"],
            ["create", "delete", "patch", "update", "get", "list"]
        ),
        Grant(["snapshot.storage.k8s.io"], ["volumesnapshotclasses"], ["get", "list"]),
        Grant([""], ["persistentvolumes"], ["get", "list"]),
    ];

    /// <summary>In the lease's namespace.</summary>
    public static RightsRule Lease { get; } =
        new(["coordination.k8s.io"], ["leases"], ["get", "create", "update"], "nothing can be changed");

    /// <summary>Every rule with its rights; a right that two rules have is the first one's.</summary>
    public static IReadOnlyList<(RightsRule Rule, HostRight Right)> All(KubernetesOptions options) =>
        [
            .. Used.Concat(PassedOn)
                .SelectMany(rule => rule.Rights(), (rule, right) => (rule, right))
                .Concat(Lease.Rights(options.LeaseNamespace).Select(right => (Lease, right)))
                .DistinctBy(one => one.Item2),
        ];

    private static RightsRule Grant(string[] groups, string[] resources, string[] verbs) =>
        new(groups, resources, verbs, "clusters cannot be created, for their roles cannot be granted");
}
