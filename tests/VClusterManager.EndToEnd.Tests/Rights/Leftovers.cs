using VClusterManager.EndToEnd.Tests.TestHost;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>An object of every kind that a cluster may leave on the host, marked as the cluster's and held by a finalizer.</summary>
internal static class Leftovers
{
    public const string Name = "left";

    private const string Finalizer = "example.com/held";
    private const string Pod = "metadata: {labels: {app: left}}, spec: {containers: [{name: c, image: web}]}";
    private const string Workload = $"selector: {{matchLabels: {{app: left}}}}, template: {{{Pod}}}";
    private const string Once = "spec: {restartPolicy: Never, containers: [{name: c, image: web}]}";

    private static readonly (string Kind, string Version, string Content)[] InNamespace =
    [
        ("Pod", "v1", "spec: {containers: [{name: c, image: web}]}"),
        ("Service", "v1", "spec: {ports: [{port: 80}]}"),
        ("ConfigMap", "v1", "data: {}"),
        ("Secret", "v1", "data: {}"),
        ("PersistentVolumeClaim", "v1", "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}"),
        ("ServiceAccount", "v1", "automountServiceAccountToken: false"),
        ("ResourceQuota", "v1", "spec: {hard: {pods: '100'}}"),
        ("LimitRange", "v1", "spec: {limits: []}"),
        ("StatefulSet", "apps/v1", $"spec: {{replicas: 0, serviceName: left, {Workload}}}"),
        ("Deployment", "apps/v1", $"spec: {{replicas: 0, {Workload}}}"),
        ("DaemonSet", "apps/v1", $"spec: {{{Workload}}}"),
        ("Job", "batch/v1", $"spec: {{suspend: true, template: {{{Once}}}}}"),
        (
            "CronJob",
            "batch/v1",
            $"spec: {{suspend: true, schedule: '0 0 * * *', jobTemplate: {{spec: {{template: {{{Once}}}}}}}}}"
        ),
        ("Ingress", "networking.k8s.io/v1", "spec: {defaultBackend: {service: {name: left, port: {number: 80}}}}"),
        ("NetworkPolicy", "networking.k8s.io/v1", "spec: {podSelector: {}}"),
        ("PodDisruptionBudget", "policy/v1", "spec: {maxUnavailable: 1, selector: {matchLabels: {app: left}}}"),
        ("Role", "rbac.authorization.k8s.io/v1", "rules: []"),
        (
            "RoleBinding",
            "rbac.authorization.k8s.io/v1",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: left}"
        ),
    ];

    private static readonly (string Kind, string Version, string Content)[] AtTheCluster =
    [
        ("ClusterRole", "rbac.authorization.k8s.io/v1", "rules: []"),
        (
            "ClusterRoleBinding",
            "rbac.authorization.k8s.io/v1",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: left}"
        ),
    ];

    /// <summary>Manifests of these kinds; of all when none is named.</summary>
    public static string Of(ClusterPlace place, params string[] kinds)
    {
        var some = InNamespace
            .Where(one => kinds.Length == 0 || kinds.Contains(one.Kind))
            .Select(one =>
                Manifest(one, $"namespace: {place.Namespace}, labels: {{vcluster.loft.sh/managed-by: {place.Name}}}")
            );
        var others = AtTheCluster
            .Where(_ => kinds.Length == 0)
            .Select(one =>
                Manifest(
                    one,
                    $"labels: {{app: vcluster, release: {place.Name}}}, annotations: {{meta.helm.sh/release-namespace: {place.Namespace}}}"
                )
            );
        return string.Join("---\n", some.Concat(others));
    }

    private static string Manifest((string Kind, string Version, string Content) one, string metadata) =>
        $"""
            apiVersion: {one.Version}
            kind: {one.Kind}
            metadata: {"{"}name: {Name}, finalizers: [{Finalizer}], {metadata}{"}"}
            {one.Content}

            """;
}
