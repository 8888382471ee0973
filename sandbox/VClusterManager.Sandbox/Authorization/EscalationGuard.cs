using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>No one grants what they do not hold, by a role or by a binding, unless they may <c>escalate</c> or <c>bind</c>.</summary>
internal sealed class EscalationGuard(RbacAuthorizer authorizer, ResourceRequest request)
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>What the garbage collector changes, and what the server keeps by itself.</summary>
    private static readonly string[] Bookkeeping =
    [
        "ownerReferences",
        "finalizers",
        "managedFields",
        "resourceVersion",
    ];

    /// <summary>An aggregated role gathers anything, so it takes everything.</summary>
    private static readonly PolicyRule[] Everything = [new(["*"], ["*"], ["*"], [], []), new(["*"], [], [], [], ["*"])];

    /// <param name="before">Null for what is new.</param>
    public void Check(JsonObject? before, JsonObject after)
    {
        if (request.Resource.Group != Group || (before is not null && IsBookkeeping(before, after)))
        {
            return;
        }

        if (request.Resource == ResourceCatalog.Roles || request.Resource == ResourceCatalog.ClusterRoles)
        {
            CheckRole(after);
        }
        else
        {
            CheckBinding(after);
        }
    }

    private void CheckRole(JsonObject role)
    {
        // By the name in the address: a new one has none yet, so only a right to all names does.
        if (May("escalate", request.Resource, request.Info.Name))
        {
            return;
        }

        if (role.Object("aggregationRule") is not null && Missing(Everything).Count > 0)
        {
            throw Forbidden(role, "must have cluster-admin privileges to use an aggregationRule");
        }

        RequireHeld(role, [.. role.Objects("rules").Select(PolicyRule.Read)]);
    }

    private void CheckBinding(JsonObject binding)
    {
        var reference = binding.Object("roleRef");
        var name = reference.Text("name") ?? "";
        var role = reference.Text("kind") == "ClusterRole" ? ResourceCatalog.ClusterRoles : ResourceCatalog.Roles;
        if (May("bind", role, name))
        {
            return;
        }

        var rules =
            authorizer.RulesOfRole(reference, request.Namespace)
            ?? throw Refusals.NotFound(request.Resource, binding.Text("metadata", "name") ?? "");
        RequireHeld(binding, rules);
    }

    private static bool IsBookkeeping(JsonObject before, JsonObject after) =>
        JsonNode.DeepEquals(WithoutBookkeeping(before), WithoutBookkeeping(after));

    private static JsonObject WithoutBookkeeping(JsonObject json)
    {
        var copy = json.Copy();
        foreach (var name in Bookkeeping)
        {
            copy.Object("metadata")?.Remove(name);
        }

        return copy;
    }

    private bool May(string verb, ResourceDefinition resource, string name) =>
        authorizer.Allows(
            request.Caller,
            new AccessAttributes(verb)
            {
                Group = Group,
                Resource = resource.Plural,
                Namespace = request.Namespace,
                Name = name,
            }
        )
            is not null;

    private void RequireHeld(JsonObject json, IReadOnlyList<PolicyRule> rules)
    {
        var missing = Missing(rules);
        if (missing.Count > 0)
        {
            var caller = request.Caller;
            var groups = string.Join(' ', caller.Groups.Select(group => $"\"{group}\""));
            throw Forbidden(
                json,
                $"user \"{caller.User}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', missing)}"
            );
        }
    }

    private List<string> Missing(IReadOnlyList<PolicyRule> rules)
    {
        var held = authorizer.RulesOf(request.Caller, request.Namespace).ToList();
        return
        [
            .. rules
                .SelectMany(rule => rule.Single())
                .Where(single => !held.Exists(rule => rule.Covers(single)))
                .GroupBy(single =>
                    string.Join('|', single.Groups.Concat(single.Resources).Concat(single.Names).Concat(single.Paths))
                )
                .Select(group =>
                    group.First() with
                    {
                        Verbs = [.. group.SelectMany(single => single.Verbs).Distinct()],
                    }
                )
                .Select(rule => rule.Describe())
                .Order(StringComparer.Ordinal),
        ];
    }

    private StatusException Forbidden(JsonObject json, string why) =>
        Refusals.Forbidden(request.Resource.Plural, request.Resource.Group, json.Text("metadata", "name"), why);
}
