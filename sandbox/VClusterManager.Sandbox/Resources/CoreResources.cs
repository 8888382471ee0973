using static VClusterManager.Sandbox.Resources.ResourceForms;

namespace VClusterManager.Sandbox.Resources;

/// <summary>The resources of the core group.</summary>
internal static class CoreResources
{
    public static readonly ResourceDefinition Events = Namespaced("", "events", "Event", "ev") with
    {
        SelectableFields =
        [
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
    };

    private static readonly ResourceDefinition Namespaces = Clustered("", "namespaces", "Namespace", "ns") with
    {
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        Subresources = [new("finalize", "Namespace", ["update"]), Status("Namespace")],
        SelectableFields = ["status.phase", "name"],
    };

    private static readonly ResourceDefinition Nodes = Clustered("", "nodes", "Node", "no") with
    {
        Subresources = [new("proxy", "NodeProxyOptions", ProxyVerbs), Status("Node")],
        SelectableFields = ["spec.unschedulable"],
    };

    private static readonly ResourceDefinition Pods = Namespaced("", "pods", "Pod", "po").InAll() with
    {
        Subresources =
        [
            new("attach", "PodAttachOptions", CreateGet),
            new("binding", "Binding", CreateOnly),
            new("ephemeralcontainers", "Pod", GetPatchUpdate),
            new("eviction", "Eviction", CreateOnly) { Group = "policy", Version = "v1" },
            new("exec", "PodExecOptions", CreateGet),
            new("log", "Pod", ["get"]),
            new("portforward", "PodPortForwardOptions", CreateGet),
            new("proxy", "PodProxyOptions", ProxyVerbs),
            new("resize", "Pod", GetPatchUpdate),
            Status("Pod"),
        ],
        SelectableFields =
        [
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
    };

    private static readonly ResourceDefinition ServiceAccounts = Namespaced(
        "",
        "serviceaccounts",
        "ServiceAccount",
        "sa"
    ) with
    {
        Subresources = [new("token", "TokenRequest", CreateOnly) { Group = "authentication.k8s.io", Version = "v1" }],
    };

    private static readonly ResourceDefinition Services = Namespaced("", "services", "Service", "svc").InAll() with
    {
        Subresources = [new("proxy", "ServiceProxyOptions", ProxyVerbs), Status("Service")],
        SelectableFields = ["spec.clusterIP", "spec.type"],
    };

    public static IReadOnlyList<ResourceDefinition> All { get; } =
    [
        Question("", "bindings", "Binding", namespaced: true),
        Clustered("", "componentstatuses", "ComponentStatus", "cs") with
        {
            Verbs = ["get", "list"],
        },
        Namespaced("", "configmaps", "ConfigMap", "cm"),
        Namespaced("", "endpoints", "Endpoints", "ep") with
        {
            Singular = "endpoints",
        },
        Events,
        Namespaced("", "limitranges", "LimitRange", "limits"),
        Namespaces,
        Nodes,
        Namespaced("", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc").WithStatus() with
        {
            SelectableFields = ["name"],
        },
        Clustered("", "persistentvolumes", "PersistentVolume", "pv").WithStatus() with
        {
            SelectableFields = ["name"],
        },
        Pods,
        Namespaced("", "podtemplates", "PodTemplate"),
        Namespaced("", "replicationcontrollers", "ReplicationController", "rc").InAll().WithScale().WithStatus() with
        {
            SelectableFields = ["status.replicas"],
        },
        Namespaced("", "resourcequotas", "ResourceQuota", "quota").WithStatus(),
        Namespaced("", "secrets", "Secret") with
        {
            SelectableFields = ["type"],
        },
        ServiceAccounts,
        Services,
    ];
}
