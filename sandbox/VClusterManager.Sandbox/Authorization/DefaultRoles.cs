using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>The cluster roles that every cluster is born with, as far as people and tools lean on them.</summary>
internal static class DefaultRoles
{
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];
    private static readonly string[] Get = ["get"];

    private static readonly string[] CoreReadable =
    [
        "configmaps",
        "endpoints",
        "persistentvolumeclaims",
        "persistentvolumeclaims/status",
        "pods",
        "replicationcontrollers",
        "replicationcontrollers/scale",
        "serviceaccounts",
        "services",
        "services/status",
        "bindings",
        "events",
        "limitranges",
        "namespaces/status",
        "pods/log",
        "pods/status",
        "replicationcontrollers/status",
        "resourcequotas",
        "resourcequotas/status",
        "namespaces",
    ];

    private static readonly string[] CoreWritable =
    [
        "pods",
        "pods/attach",
        "pods/exec",
        "pods/portforward",
        "pods/proxy",
        "pods/eviction",
        "configmaps",
        "events",
        "persistentvolumeclaims",
        "replicationcontrollers",
        "replicationcontrollers/scale",
        "secrets",
        "serviceaccounts",
        "services",
        "services/proxy",
    ];

    private static readonly string[] Apps =
    [
        "daemonsets",
        "deployments",
        "deployments/rollback",
        "deployments/scale",
        "replicasets",
        "replicasets/scale",
        "statefulsets",
        "statefulsets/scale",
    ];

    public static void CreateIn(ObjectRegistry registry)
    {
        Role(registry, "cluster-admin", Rule(["*"], ["*"], ["*"]), Paths(["*"], ["*"]));
        Role(registry, "admin", [.. View(), .. Edit(), .. Admin()]);
        Role(registry, "edit", [.. View(), .. Edit()]);
        Role(registry, "view", View());
        Role(registry, "system:basic-user", BasicUser());
        Role(
            registry,
            "system:discovery",
            Paths(Get, ["/.well-known", "/.well-known/*"]),
            Paths(
                Get,
                [
                    "/api",
                    "/api/*",
                    "/apis",
                    "/apis/*",
                    "/healthz",
                    "/livez",
                    "/openapi",
                    "/openapi/*",
                    "/readyz",
                    "/version",
                    "/version/",
                ]
            )
        );
        Role(
            registry,
            "system:service-account-issuer-discovery",
            Paths(
                Get,
                [
                    "/.well-known/openid-configuration",
                    "/.well-known/openid-configuration/",
                    "/openid/v1/jwks",
                    "/openid/v1/jwks/",
                ]
            )
        );
        Role(
            registry,
            "system:public-info-viewer",
            Paths(Get, ["/healthz", "/livez", "/readyz", "/version", "/version/"])
        );
        Bind(registry, "cluster-admin", Identity.Masters);
        Bind(registry, "system:basic-user", Identity.Authenticated);
        Bind(registry, "system:discovery", Identity.Authenticated);
        Bind(registry, "system:service-account-issuer-discovery", "system:serviceaccounts");
        Bind(registry, "system:public-info-viewer", Identity.Authenticated, "system:unauthenticated");
    }

    private static JsonObject[] View() =>
        [
            Rule(Read, [""], CoreReadable),
            Rule(Read, ["discovery.k8s.io"], ["endpointslices"]),
            Rule(
                Read,
                ["apps"],
                [
                    "controllerrevisions",
                    .. Apps,
                    "daemonsets/status",
                    "deployments/status",
                    "replicasets/status",
                    "statefulsets/status",
                ]
            ),
            Rule(Read, ["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]),
            Rule(Read, ["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]),
            Rule(Read, ["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"]),
            Rule(Read, ["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"]),
        ];

    private static JsonObject[] Edit() =>
        [
            Rule(
                Read,
                [""],
                ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]
            ),
            Rule(["impersonate"], [""], ["serviceaccounts"]),
            Rule(Write, [""], CoreWritable),
            Rule(["create"], [""], ["serviceaccounts/token"]),
            Rule(Write, ["apps"], Apps),
            Rule(Write, ["autoscaling"], ["horizontalpodautoscalers"]),
            Rule(Write, ["batch"], ["cronjobs", "jobs"]),
            Rule(Write, ["policy"], ["poddisruptionbudgets"]),
            Rule(Write, ["networking.k8s.io"], ["ingresses", "networkpolicies"]),
            Rule([.. Write, .. Read], ["coordination.k8s.io"], ["leases"]),
            Rule([.. Write, .. Read], ["events.k8s.io"], ["events"]),
        ];

    private static JsonObject[] Admin() =>
        [
            Rule(["create"], ["authorization.k8s.io"], ["localsubjectaccessreviews"]),
            Rule([.. Write, .. Read], ["rbac.authorization.k8s.io"], ["rolebindings", "roles"]),
        ];

    private static JsonObject[] BasicUser() =>
        [
            Rule(["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
            Rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"]),
        ];

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources) =>
        new PolicyRule(verbs, groups, resources, [], []).ToJson();

    private static JsonObject Paths(string[] verbs, string[] paths) =>
        new PolicyRule(verbs, [], [], [], paths).ToJson();

    private static JsonObject Metadata(string name) =>
        new()
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
        };

    private static void Role(ObjectRegistry registry, string name, params JsonObject[] rules) =>
        registry.Create(
            ResourceCatalog.ClusterRoles,
            "",
            new JsonObject { ["metadata"] = Metadata(name), ["rules"] = new JsonArray([.. rules]) },
            new WriteOptions("kube-apiserver")
        );

    private static void Bind(ObjectRegistry registry, string role, params string[] groups) =>
        registry.Create(
            ResourceCatalog.ClusterRoleBindings,
            "",
            new JsonObject
            {
                ["metadata"] = Metadata(role),
                ["roleRef"] = new JsonObject { ["kind"] = "ClusterRole", ["name"] = role },
                ["subjects"] = new JsonArray([
                    .. groups.Select(group => new JsonObject { ["kind"] = "Group", ["name"] = group }),
                ]),
            },
            new WriteOptions("kube-apiserver")
        );
}
