using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>Decides by the roles and bindings that lie in the cluster. Members of <c>system:masters</c> may do anything.</summary>
internal sealed class RbacAuthorizer(ObjectStore store)
{
    /// <summary>What was required of those who are not administrators.</summary>
    public RightsLog Log { get; } = new();

    /// <summary>Why it is allowed, in the words of the real server; null when it is not.</summary>
    public string? Allows(Identity caller, AccessAttributes access)
    {
        if (caller.IsMaster)
        {
            return "";
        }

        foreach (var grant in GrantsOf(caller, access.Namespace))
        {
            if (grant.Rules.Any(rule => rule.Allows(access)))
            {
                return $"RBAC: allowed by {grant.Describe()}";
            }
        }

        return null;
    }

    /// <summary>Refuses in the words of the real server unless it is allowed.</summary>
    public void Require(Identity caller, AccessAttributes access)
    {
        if (caller.IsMaster)
        {
            return;
        }

        var allowed = Allows(caller, access) is not null;
        Log.Note(caller, access, allowed);
        if (allowed)
        {
            return;
        }

        if (access.Path is { } path)
        {
            throw Refusals.ForbiddenPath($"User \"{caller.User}\" cannot {access.Verb} path \"{path}\"");
        }

        var scope = access.Namespace.Length > 0 ? $"in the namespace \"{access.Namespace}\"" : "at the cluster scope";
        throw Refusals.Forbidden(
            access.Resource,
            access.Group,
            access.Name,
            $"User \"{caller.User}\" cannot {access.Verb} resource \"{access.CombinedResource}\" in API group \"{access.Group}\" {scope}"
        );
    }

    /// <summary>All rules that hold for someone in a namespace.</summary>
    public IEnumerable<PolicyRule> RulesOf(Identity caller, string ns) =>
        caller.IsMaster
            ? [new PolicyRule(["*"], ["*"], ["*"], [], []), new PolicyRule(["*"], [], [], [], ["*"])]
            : GrantsOf(caller, ns).SelectMany(grant => grant.Rules);

    /// <summary>The rules that a binding's reference leads to; null when there is no such role.</summary>
    public IReadOnlyList<PolicyRule>? RulesOfRole(JsonObject? reference, string ns)
    {
        var name = reference.Text("name") ?? "";
        var role =
            reference.Text("kind") == "ClusterRole"
                ? store.Find(ResourceCatalog.ClusterRoles, "", name)
                : store.Find(ResourceCatalog.Roles, ns, name);
        return role is null ? null : [.. role.Json.Objects("rules").Select(PolicyRule.Read)];
    }

    private IEnumerable<Grant> GrantsOf(Identity caller, string ns)
    {
        var clusterWide = store.List(ResourceCatalog.ClusterRoleBindings).Objects;
        var inNamespace = ns.Length > 0 ? store.List(ResourceCatalog.RoleBindings, ns).Objects : [];
        foreach (var binding in clusterWide.Concat(inNamespace).OrderBy(binding => binding.Version))
        {
            var subject = binding
                .Json.Objects("subjects")
                .FirstOrDefault(subject => Names(subject, caller, binding.Namespace));
            if (subject is not null && RulesOfRole(binding.Json.Object("roleRef"), binding.Namespace) is { } rules)
            {
                yield return new Grant(binding, subject, rules);
            }
        }
    }

    private static bool Names(JsonObject subject, Identity caller, string ns)
    {
        var name = subject.Text("name") ?? "";
        return subject.Text("kind") switch
        {
            "User" => caller.User == name,
            "Group" => caller.Groups.Contains(name),
            "ServiceAccount" => caller.User == $"system:serviceaccount:{subject.Text("namespace") ?? ns}:{name}",
            _ => false,
        };
    }

    private sealed record Grant(StoredObject Binding, JsonObject Subject, IReadOnlyList<PolicyRule> Rules)
    {
        public string Describe()
        {
            var kind = Binding.Json.Text("kind");
            var name = Binding.Namespace.Length > 0 ? $"{Binding.Name}/{Binding.Namespace}" : Binding.Name;
            var roleKind = Binding.Json.Text("roleRef", "kind");
            var role = Binding.Json.Text("roleRef", "name");
            var subject = Subject.Text("namespace") is { } ns ? $"{Subject.Text("name")}/{ns}" : Subject.Text("name");
            return $"{kind} \"{name}\" of {roleKind} \"{role}\" to {Subject.Text("kind")} \"{subject}\"";
        }
    }
}
