namespace VClusterManager.Server.Kubernetes;

/// <summary>A kind of object on the host and where its API is.</summary>
internal sealed record HostResource(string Kind, string Root, string Plural, bool Namespaced = true)
{
    public static readonly HostResource Namespace = new("Namespace", "api/v1", "namespaces", Namespaced: false);
    public static readonly HostResource Pod = new("Pod", "api/v1", "pods");
    public static readonly HostResource Secret = new("Secret", "api/v1", "secrets");
    public static readonly HostResource ConfigMap = new("ConfigMap", "api/v1", "configmaps");
    public static readonly HostResource Service = new("Service", "api/v1", "services");
    public static readonly HostResource ServiceAccount = new("ServiceAccount", "api/v1", "serviceaccounts");
    public static readonly HostResource VolumeClaim = new("PersistentVolumeClaim", "api/v1", "persistentvolumeclaims");
    public static readonly HostResource Event = new("Event", "api/v1", "events");
    public static readonly HostResource ResourceQuota = new("ResourceQuota", "api/v1", "resourcequotas");
    public static readonly HostResource LimitRange = new("LimitRange", "api/v1", "limitranges");
    public static readonly HostResource StatefulSet = new("StatefulSet", "apis/apps/v1", "statefulsets");
    public static readonly HostResource Deployment = new("Deployment", "apis/apps/v1", "deployments");
    public static readonly HostResource DaemonSet = new("DaemonSet", "apis/apps/v1", "daemonsets");
    public static readonly HostResource Job = new("Job", "apis/batch/v1", "jobs");
    public static readonly HostResource CronJob = new("CronJob", "apis/batch/v1", "cronjobs");
    public static readonly HostResource Ingress = new("Ingress", "apis/networking.k8s.io/v1", "ingresses");
    public static readonly HostResource NetworkPolicy = new(
        "NetworkPolicy",
        "apis/networking.k8s.io/v1",
        "networkpolicies"
    );
    public static readonly HostResource DisruptionBudget = new(
        "PodDisruptionBudget",
        "apis/policy/v1",
        "poddisruptionbudgets"
    );
    public static readonly HostResource Role = new("Role", "apis/rbac.authorization.k8s.io/v1", "roles");
    public static readonly HostResource RoleBinding = new(
        "RoleBinding",
        "apis/rbac.authorization.k8s.io/v1",
        "rolebindings"
    );
    public static readonly HostResource ClusterRole = new(
        "ClusterRole",
        "apis/rbac.authorization.k8s.io/v1",
        "clusterroles",
        Namespaced: false
    );
    public static readonly HostResource ClusterRoleBinding = new(
        "ClusterRoleBinding",
        "apis/rbac.authorization.k8s.io/v1",
        "clusterrolebindings",
        Namespaced: false
    );
    public static readonly HostResource Lease = new("Lease", "apis/coordination.k8s.io/v1", "leases");
    public static readonly HostResource StorageClass = new(
        "StorageClass",
        "apis/storage.k8s.io/v1",
        "storageclasses",
        Namespaced: false
    );

    private static readonly Dictionary<string, HostResource> Kinds = new HostResource[]
    {
        Namespace,
        Pod,
        Secret,
        ConfigMap,
        Service,
        ServiceAccount,
        VolumeClaim,
        Event,
        ResourceQuota,
        LimitRange,
        StatefulSet,
        Deployment,
        DaemonSet,
        Job,
        CronJob,
        Ingress,
        NetworkPolicy,
        DisruptionBudget,
        Role,
        RoleBinding,
        ClusterRole,
        ClusterRoleBinding,
        Lease,
        StorageClass,
    }.ToDictionary(r => r.Kind);

    public static HostResource OfKind(string kind) =>
        Kinds.TryGetValue(kind, out var resource)
            ? resource
            : throw new ArgumentException($"{kind} is not a kind that the manager knows.", nameof(kind));

    /// <summary>The collection: of one namespace, or of the whole host.</summary>
    public string Collection(string? @namespace) =>
        @namespace is null || !Namespaced ? $"{Root}/{Plural}" : $"{Root}/namespaces/{Segment(@namespace)}/{Plural}";

    public string Object(string? @namespace, string name) => $"{Collection(@namespace)}/{Segment(name)}";

    // A name is one segment of the path, whatever is in it.
    private static string Segment(string name) =>
        name is "" or "." or ".."
            ? throw new ArgumentException($"\"{name}\" is not the name of an object.", nameof(name))
            : Uri.EscapeDataString(name);
}
