namespace VCluster.StandIn.Kubernetes;

/// <summary>Where a kind is served: its path, its plural, and whether it lives in a namespace.</summary>
internal sealed record Resource(string Root, string Plural, bool Namespaced = true)
{
    public string Collection(string @namespace) =>
        Namespaced && @namespace.Length > 0 ? $"{Root}/namespaces/{@namespace}/{Plural}" : $"{Root}/{Plural}";

    public string Item(string @namespace, string name) => $"{Collection(@namespace)}/{Uri.EscapeDataString(name)}";
}

/// <summary>The kinds that the chart, helm and the verbs speak of.</summary>
internal static class Kinds
{
    public static readonly Resource Namespaces = new("api/v1", "namespaces", Namespaced: false);
    public static readonly Resource Pods = new("api/v1", "pods");
    public static readonly Resource Secrets = new("api/v1", "secrets");
    public static readonly Resource ConfigMaps = new("api/v1", "configmaps");
    public static readonly Resource Services = new("api/v1", "services");
    public static readonly Resource Claims = new("api/v1", "persistentvolumeclaims");
    public static readonly Resource StatefulSets = new("apis/apps/v1", "statefulsets");
    public static readonly Resource Deployments = new("apis/apps/v1", "deployments");
    public static readonly Resource PriorityClasses = new(
        "apis/scheduling.k8s.io/v1",
        "priorityclasses",
        Namespaced: false
    );

    private const string Rbac = "apis/rbac.authorization.k8s.io/v1";

    private static readonly Dictionary<string, Resource> ByKind = new()
    {
        ["v1/Namespace"] = Namespaces,
        ["v1/Pod"] = Pods,
        ["v1/Secret"] = Secrets,
        ["v1/ConfigMap"] = ConfigMaps,
        ["v1/Service"] = Services,
        ["v1/PersistentVolumeClaim"] = Claims,
        ["v1/ServiceAccount"] = new("api/v1", "serviceaccounts"),
        ["v1/ResourceQuota"] = new("api/v1", "resourcequotas"),
        ["v1/LimitRange"] = new("api/v1", "limitranges"),
        ["apps/v1/StatefulSet"] = StatefulSets,
        ["apps/v1/Deployment"] = Deployments,
        ["apps/v1/DaemonSet"] = new("apis/apps/v1", "daemonsets"),
        ["batch/v1/Job"] = new("apis/batch/v1", "jobs"),
        ["batch/v1/CronJob"] = new("apis/batch/v1", "cronjobs"),
        ["networking.k8s.io/v1/Ingress"] = new("apis/networking.k8s.io/v1", "ingresses"),
        ["networking.k8s.io/v1/NetworkPolicy"] = new("apis/networking.k8s.io/v1", "networkpolicies"),
        ["policy/v1/PodDisruptionBudget"] = new("apis/policy/v1", "poddisruptionbudgets"),
        ["rbac.authorization.k8s.io/v1/Role"] = new(Rbac, "roles"),
        ["rbac.authorization.k8s.io/v1/RoleBinding"] = new(Rbac, "rolebindings"),
        ["rbac.authorization.k8s.io/v1/ClusterRole"] = new(Rbac, "clusterroles", Namespaced: false),
        ["rbac.authorization.k8s.io/v1/ClusterRoleBinding"] = new(Rbac, "clusterrolebindings", Namespaced: false),
        ["scheduling.k8s.io/v1/PriorityClass"] = PriorityClasses,
    };

    /// <summary>Null when the kind is none of those known here.</summary>
    public static Resource? Find(string apiVersion, string kind) => ByKind.GetValueOrDefault($"{apiVersion}/{kind}");
}
