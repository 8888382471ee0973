using System.Text.Json.Nodes;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>A role and its rules. A right is written <c>create apps/statefulsets</c>.</summary>
public sealed record RoleRules(string Kind, string? Namespace, string Name, IReadOnlyList<RightsRule> Rules)
{
    public static RoleRules Of(JsonNode role) =>
        new(
            (string)role["kind"]!,
            (string?)role["metadata"]!["namespace"],
            (string)role["metadata"]!["name"]!,
            [.. (role["rules"] as JsonArray ?? []).Select(rule => RightsRule.Of(rule!))]
        );

    public IEnumerable<string> Rights => Rules.SelectMany(rule => rule.Rights).Distinct();

    /// <summary>The same role without a rule.</summary>
    public RoleRules Without(RightsRule rule) => this with { Rules = [.. Rules.Where(one => one != rule)] };

    /// <summary>The same role without some rights, whatever rules they are in.</summary>
    public RoleRules Without(IReadOnlySet<string> rights) =>
        this with
        {
            Rules = [.. Rules.SelectMany(rule => rule.OneByOne()).Where(one => !rights.Contains(one.Rights.Single()))],
        };

    public JsonObject ToJson()
    {
        var metadata = new JsonObject { ["name"] = Name };
        if (Namespace is not null)
        {
            metadata["namespace"] = Namespace;
        }

        return new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = Kind,
            ["metadata"] = metadata,
            ["rules"] = new JsonArray([.. Rules.Select(rule => rule.ToJson())]),
        };
    }
}

/// <summary>One rule of a role.</summary>
public sealed record RightsRule(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Verbs
)
{
    public static RightsRule Of(JsonNode rule)
    {
        return new RightsRule(Texts("apiGroups"), Texts("resources"), Texts("verbs"));
        string[] Texts(string name) => [.. rule[name]!.AsArray().Select(text => (string)text!)];
    }

    public IEnumerable<string> Rights =>
        from verb in Verbs
        from @group in Groups
        from resource in Resources
        select $"{verb} {@group}/{resource}";

    /// <summary>What it is about: no two rules of a role are about the same.</summary>
    public string Title => string.Join(", ", Resources);

    /// <summary>A rule for each right.</summary>
    public IEnumerable<RightsRule> OneByOne() =>
        from verb in Verbs
        from @group in Groups
        from resource in Resources
        select new RightsRule([@group], [resource], [verb]);

    public JsonObject ToJson() =>
        new()
        {
            ["apiGroups"] = Array(Groups),
            ["resources"] = Array(Resources),
            ["verbs"] = Array(Verbs),
        };

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
