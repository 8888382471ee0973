using static VClusterManager.Sandbox.Resources.ResourceForms;

namespace VClusterManager.Sandbox.Resources;

/// <summary>The resources of all groups beside the core, group by group in the server's order.</summary>
internal static class GroupedResources
{
    private const string Admission = "admissionregistration.k8s.io";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Networking = "networking.k8s.io";
    private const string Storage = "storage.k8s.io";
    private const string Monitoring = "monitoring.coreos.com";

    private static readonly ResourceDefinition Autoscalers = Namespaced(
            "autoscaling",
            "horizontalpodautoscalers",
            "HorizontalPodAutoscaler",
            "hpa"
        )
        .InAll()
        .WithStatus() with
    {
        Version = "v2",
    };

    public static IReadOnlyList<ResourceDefinition> All { get; } =
    [
        Clustered("apiregistration.k8s.io", "apiservices", "APIService").InExtensions().WithStatus(),
        .. Apps(),
        CoreResources.Events with
        {
            Group = "events.k8s.io",
            StoredAs = CoreResources.Events,
            SelectableFields =
            [
                "regarding.kind",
                "regarding.namespace",
                "regarding.name",
                "regarding.uid",
                "reason",
                "type",
            ],
        },
        .. Reviews(),
        Autoscalers,
        Autoscalers with
        {
            Version = "v1",
            StoredAs = Autoscalers,
        },
        Namespaced("batch", "cronjobs", "CronJob", "cj").InAll().WithStatus(),
        Namespaced("batch", "jobs", "Job").InAll().WithStatus() with
        {
            SelectableFields = ["status.successful"],
        },
        Clustered("certificates.k8s.io", "certificatesigningrequests", "CertificateSigningRequest", "csr") with
        {
            Subresources =
            [
                new("approval", "CertificateSigningRequest", GetPatchUpdate),
                Status("CertificateSigningRequest"),
            ],
            SelectableFields = ["spec.signerName"],
        },
        Clustered(Networking, "ingressclasses", "IngressClass"),
        Namespaced(Networking, "ingresses", "Ingress", "ing").WithStatus(),
        Clustered(Networking, "ipaddresses", "IPAddress", "ip"),
        Namespaced(Networking, "networkpolicies", "NetworkPolicy", "netpol"),
        Clustered(Networking, "servicecidrs", "ServiceCIDR").WithStatus(),
        Namespaced("policy", "poddisruptionbudgets", "PodDisruptionBudget", "pdb").WithStatus(),
        Clustered(Rbac, "clusterrolebindings", "ClusterRoleBinding"),
        Clustered(Rbac, "clusterroles", "ClusterRole"),
        Namespaced(Rbac, "rolebindings", "RoleBinding"),
        Namespaced(Rbac, "roles", "Role"),
        .. StorageResources(),
        Clustered(Admission, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration").InExtensions(),
        Clustered(Admission, "validatingadmissionpolicies", "ValidatingAdmissionPolicy").InExtensions().WithStatus(),
        Clustered(Admission, "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding").InExtensions(),
        Clustered(Admission, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration").InExtensions(),
        Clustered("apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds")
            .InExtensions()
            .WithStatus(),
        Clustered("scheduling.k8s.io", "priorityclasses", "PriorityClass", "pc"),
        Namespaced("coordination.k8s.io", "leases", "Lease"),
        Clustered("node.k8s.io", "runtimeclasses", "RuntimeClass"),
        Namespaced("discovery.k8s.io", "endpointslices", "EndpointSlice"),
        .. Devices(),
        Clustered("flowcontrol.apiserver.k8s.io", "flowschemas", "FlowSchema").WithStatus(),
        Clustered("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations", "PriorityLevelConfiguration")
            .WithStatus(),
        // As if the operator of Prometheus were installed: kept as they come, for the API has no type for them.
        Namespaced(Monitoring, "servicemonitors", "ServiceMonitor", "smon") with
        {
            Categories = ["prometheus-operator"],
        },
    ];

    private static IEnumerable<ResourceDefinition> Apps() =>
        [
            Namespaced("apps", "controllerrevisions", "ControllerRevision"),
            Namespaced("apps", "daemonsets", "DaemonSet", "ds").InAll().WithStatus(),
            Namespaced("apps", "deployments", "Deployment", "deploy").InAll().WithScale().WithStatus(),
            Namespaced("apps", "replicasets", "ReplicaSet", "rs").InAll().WithScale().WithStatus() with
            {
                SelectableFields = ["status.replicas"],
            },
            Namespaced("apps", "statefulsets", "StatefulSet", "sts").InAll().WithScale().WithStatus(),
        ];

    private static IEnumerable<ResourceDefinition> Reviews() =>
        [
            Question("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
            Question("authentication.k8s.io", "tokenreviews", "TokenReview"),
            Question("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", namespaced: true),
            Question("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
            Question("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
            Question("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
        ];

    private static IEnumerable<ResourceDefinition> StorageResources() =>
        [
            Clustered(Storage, "csidrivers", "CSIDriver"),
            Clustered(Storage, "csinodes", "CSINode"),
            Namespaced(Storage, "csistoragecapacities", "CSIStorageCapacity"),
            Clustered(Storage, "storageclasses", "StorageClass", "sc"),
            Clustered(Storage, "volumeattachments", "VolumeAttachment").WithStatus(),
            Clustered(Storage, "volumeattributesclasses", "VolumeAttributesClass", "vac"),
        ];

    private static IEnumerable<ResourceDefinition> Devices() =>
        [
            Clustered("resource.k8s.io", "deviceclasses", "DeviceClass"),
            Namespaced("resource.k8s.io", "resourceclaims", "ResourceClaim").WithStatus(),
            Namespaced("resource.k8s.io", "resourceclaimtemplates", "ResourceClaimTemplate"),
            Clustered("resource.k8s.io", "resourceslices", "ResourceSlice"),
        ];
}
