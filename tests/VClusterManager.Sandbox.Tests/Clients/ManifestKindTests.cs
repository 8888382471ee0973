namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>The kinds of objects that a program is deployed with, the manager among them.</summary>
public sealed class ManifestKindTests(ClientSandbox clients) : IClassFixture<ClientSandbox>
{
    private const string Manifests = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shipped-too }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: program, namespace: shipped }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: shipped }
        rules:
          - { apiGroups: [""], resources: [pods], verbs: [list] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: shipped }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shipped }
        subjects:
          - { kind: ServiceAccount, name: program, namespace: shipped }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: lease, namespace: shipped }
        rules:
          - { apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: lease, namespace: shipped }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: lease }
        subjects:
          - { kind: ServiceAccount, name: program, namespace: shipped }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings, namespace: shipped }
        data: { config.yaml: "a: b" }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: secrets, namespace: shipped }
        data: { key: dmFsdWU= }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: program, namespace: shipped }
        spec:
          selector: { app: program }
          ports:
            - { name: http, port: 80, targetPort: http }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: program, namespace: shipped }
        spec:
          replicas: 2
          selector: { matchLabels: { app: program } }
          template:
            metadata: { labels: { app: program } }
            spec:
              serviceAccountName: program
              containers:
                - name: program
                  image: example.com/program:1
                  ports:
                    - { name: http, containerPort: 8000 }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: program, namespace: shipped }
        spec:
          ingressClassName: alb
          rules:
            - http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: { service: { name: program, port: { name: http } } }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: program, namespace: shipped }
        spec:
          podSelector: { matchLabels: { app: program } }
          policyTypes: [Ingress]
          ingress:
            - ports:
                - { port: http }
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: { name: program, namespace: shipped }
        spec:
          maxUnavailable: 1
          selector: { matchLabels: { app: program } }
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: { name: shipped }
        spec:
          failurePolicy: Fail
          matchConstraints:
            resourceRules:
              - { apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods] }
          validations:
            - { expression: "true", message: "never" }
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: { name: shipped }
        spec: { policyName: shipped, validationActions: [Deny] }
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: { name: program, namespace: shipped }
        spec:
          selector: { matchLabels: { app: program } }
          endpoints:
            - { port: http, path: /metrics }
        """;

    [Fact]
    public async Task Each_is_checked_by_a_dry_run_and_kept_when_applied()
    {
        var count = Manifests.Split("\n---\n").Length;
        (await Kubectl("create namespace shipped")).ShouldSucceed();

        var dry = await Kubectl("apply --dry-run=server -f -", Manifests);
        Lines(dry).ShouldAllBe(line => line.EndsWith(" created (server dry run)", StringComparison.Ordinal));
        Lines(dry).Length.ShouldBe(count);
        Lines(await Kubectl("apply -f -", Manifests)).ShouldAllBe(line => line.EndsWith(" created"));
        Lines(await Kubectl("apply -f -", Manifests)).ShouldAllBe(line => line.EndsWith(" unchanged"));
        Lines(await Kubectl("get -f - -o name", Manifests)).Length.ShouldBe(count);
        (await Kubectl("-n shipped get servicemonitor program -o jsonpath={.spec.endpoints[0].path}"))
            .ShouldSucceed()
            .Out.ShouldBe("/metrics");
    }

    [Fact]
    public async Task A_field_that_a_kind_does_not_have_is_refused()
    {
        var wrong = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: { name: wrong }
            spec: { policy: shipped }
            """;

        var refused = await Kubectl("apply --dry-run=server -f -", wrong);

        refused.ShouldFail().Error.ShouldContain("unknown field \"spec.policy\"");
    }

    private Task<ToolOutcome> Kubectl(string arguments, string? input = null) =>
        clients.KubectlAsync(Target.Host, arguments, input);

    private static string[] Lines(ToolOutcome outcome) =>
        outcome.ShouldSucceed().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
