using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>Roles and their bindings: what the control plane may do in its namespace and on the host.</summary>
internal static class Rights
{
    private const string ApiGroup = "rbac.authorization.k8s.io";
    private const string Snapshots = "snapshot.storage.k8s.io";

    private static readonly string[] AllVerbs = ["create", "delete", "patch", "update", "get", "list", "watch"];
    private static readonly string[] ReadVerbs = ["get", "list", "watch"];
    private static readonly string[] ChangeVerbs = ["create", "delete", "patch", "update", "get", "list"];

    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        var clusterRole = $"vc-{input.Name}-v-{input.Namespace}";
        clusterRole = clusterRole[..Math.Min(63, clusterRole.Length)].TrimEnd('-');
        if (HasClusterRole(input))
        {
            yield return new("clusterrole.yaml", Role(input, "ClusterRole", clusterRole, ClusterRules(input)));
            yield return new("clusterrolebinding.yaml", Binding(input, "ClusterRole", clusterRole));
        }

        if (input.IsOn("rbac.role.enabled"))
        {
            var name = "vc-" + input.Name;
            yield return new("role.yaml", Role(input, "Role", name, NamespaceRules(input)));
            yield return new("rolebinding.yaml", Binding(input, "Role", name));
        }
    }

    /// <summary>"auto" is on, because the rules for volume snapshots are.</summary>
    private static bool HasClusterRole(ReleaseInput input) =>
        input.Text("rbac.clusterRole.enabled") is "true" or "auto";

    private static JsonObject Role(ReleaseInput input, string kind, string name, JsonArray rules) =>
        new()
        {
            ["apiVersion"] = ApiGroup + "/v1",
            ["kind"] = kind,
            ["metadata"] = input.Metadata(name, inNamespace: kind == "Role"),
            ["rules"] = rules,
        };

    private static JsonObject Binding(ReleaseInput input, string kind, string name) =>
        new()
        {
            ["apiVersion"] = ApiGroup + "/v1",
            ["kind"] = kind + "Binding",
            ["metadata"] = input.Metadata(name, inNamespace: kind == "Role"),
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = ApiGroup,
                ["kind"] = kind,
                ["name"] = name,
            },
            ["subjects"] = new JsonArray(
                new JsonObject
                {
                    ["kind"] = "ServiceAccount",
                    ["name"] = input.ControlPlaneAccount,
                    ["namespace"] = input.Namespace,
                }
            ),
        };

    private static JsonArray ClusterRules(ReleaseInput input)
    {
        if (input.List("rbac.clusterRole.overwriteRules") is { Count: > 0 } overwritten)
        {
            return overwritten;
        }

        var rules = new JsonArray();
        if (input.IsOn("sync.fromHost.nodes.enabled"))
        {
            rules.Add(Rule("", ["pods", "nodes", "nodes/status"], ["get", "watch", "list"]));
            rules.Add(Rule("", ["nodes/metrics", "nodes/stats", "nodes/proxy"], ["get"]));
        }

        if (SnapshotRules(input))
        {
            rules.Add(Rule("", ["persistentvolumes"], ["get", "list"]));
            rules.Add(Rule(Snapshots, ["volumesnapshotclasses"], ["get", "list"]));
            rules.Add(Rule(Snapshots, ["volumesnapshotcontents"], ChangeVerbs));
        }

        return Extend(rules, input, "rbac.clusterRole.extraRules");
    }

    private static JsonArray NamespaceRules(ReleaseInput input)
    {
        if (input.List("rbac.role.overwriteRules") is { Count: > 0 } overwritten)
        {
            return overwritten;
        }

        string[] core =
        [
            "configmaps",
            "secrets",
            "services",
            "pods",
            "pods/attach",
            "pods/portforward",
            "pods/exec",
            "persistentvolumeclaims",
        ];
        var rules = new JsonArray
        {
            Rule("", core, AllVerbs),
            Rule("", ["pods/status", "pods/ephemeralcontainers"], ["patch", "update"]),
            Rule("", ["pods/resize"], ["patch", "update"]),
            Rule("apps", ["statefulsets", "replicasets", "deployments"], [.. ReadVerbs, "patch", "update"]),
            Rule("", ["endpoints", "pods/log"], ReadVerbs),
            Rule("", ["events"], ["create", .. ReadVerbs]),
            Rule("events.k8s.io", ["events"], ["create", .. ReadVerbs]),
        };
        if (input.IsOn("sync.toHost.endpoints.enabled"))
        {
            rules.Add(Rule("", ["endpoints"], ["create", "delete", "patch", "update"]));
        }

        if (input.IsOn("sync.toHost.endpointSlices.enabled"))
        {
            string[] verbs = ["create", "list", "get", "delete", "patch", "update", "watch"];
            rules.Add(Rule("discovery.k8s.io", ["endpointslices"], verbs));
        }

        AddSynced(rules, input);
        if (SnapshotRules(input))
        {
            rules.Add(Rule(Snapshots, ["volumesnapshots"], ChangeVerbs));
        }

        return Extend(rules, input, "rbac.role.extraRules");
    }

    private static void AddSynced(JsonArray rules, ReleaseInput input)
    {
        if (input.Number("controlPlane.statefulSet.highAvailability.replicas") > 1)
        {
            rules.Add(Rule("coordination.k8s.io", ["leases"], AllVerbs));
        }

        (string Switch, string Group, string Plural)[] synced =
        [
            ("ingresses", "networking.k8s.io", "ingresses"),
            ("networkPolicies", "networking.k8s.io", "networkpolicies"),
            ("serviceAccounts", "", "serviceaccounts"),
            ("podDisruptionBudgets", "policy", "poddisruptionbudgets"),
        ];
        foreach (var (name, group, plural) in synced)
        {
            if (input.IsOn($"sync.toHost.{name}.enabled"))
            {
                rules.Add(Rule(group, [plural], AllVerbs));
            }
        }
    }

    private static bool SnapshotRules(ReleaseInput input) =>
        input.Text("rbac.enableVolumeSnapshotRules.enabled") is "true" or "auto";

    private static JsonArray Extend(JsonArray rules, ReleaseInput input, string path)
    {
        foreach (var rule in input.List(path))
        {
            rules.Add(rule?.DeepClone());
        }

        return rules;
    }

    private static JsonObject Rule(string group, string[] resources, string[] verbs) =>
        new()
        {
            ["apiGroups"] = Names([group]),
            ["resources"] = Names(resources),
            ["verbs"] = Names(verbs),
        };

    private static JsonArray Names(string[] names) => [.. names.Select(name => (JsonNode)name)];
}
