using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>One rule of a role: these verbs on these resources, or on these paths.</summary>
internal sealed record PolicyRule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Paths
)
{
    public static PolicyRule Read(JsonObject json) =>
        new(
            [.. json.Texts("verbs")],
            [.. json.Texts("apiGroups")],
            [.. json.Texts("resources")],
            [.. json.Texts("resourceNames")],
            [.. json.Texts("nonResourceURLs")]
        );

    public bool Allows(AccessAttributes access) =>
        Has(Verbs, access.Verb)
        && (access.Path is { } path ? Paths.Any(pattern => Fits(pattern, path)) : AllowsResource(access));

    /// <summary>Every single right in the rule: one verb on one resource (of one name) or one path.</summary>
    public IEnumerable<PolicyRule> Single() =>
        Verbs.SelectMany(verb =>
            Groups
                .SelectMany(group => Resources, (group, resource) => (group, resource))
                .SelectMany(pair => NamesOrAll(), (pair, names) => (pair.group, pair.resource, names))
                .Select(one => new PolicyRule([verb], [one.group], [one.resource], one.names, []))
                .Concat(Paths.Select(path => new PolicyRule([verb], [], [], [], [path])))
        );

    /// <summary>Whether this rule grants all of a single right.</summary>
    public bool Covers(PolicyRule single) =>
        Has(Verbs, single.Verbs[0])
        && (
            single.Paths.Count > 0
                ? Paths.Any(pattern => Fits(pattern, single.Paths[0]))
                : Has(Groups, single.Groups[0])
                    && CoversResource(single.Resources[0])
                    && (Names.Count == 0 || (single.Names.Count > 0 && single.Names.All(Names.Contains)))
        );

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["verbs"] = Array(Verbs) };
        if (Groups.Count > 0 || Resources.Count > 0)
        {
            json["apiGroups"] = Array(Groups);
            json["resources"] = Array(Resources);
        }

        if (Names.Count > 0)
        {
            json["resourceNames"] = Array(Names);
        }

        if (Paths.Count > 0)
        {
            json["nonResourceURLs"] = Array(Paths);
        }

        return json;
    }

    /// <summary>As the server writes rules in messages.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        Add(parts, "APIGroups", Groups);
        Add(parts, "Resources", Resources);
        Add(parts, "NonResourceURLs", Paths);
        Add(parts, "ResourceNames", Names);
        Add(parts, "Verbs", Verbs);
        return "{" + string.Join(", ", parts) + "}";
    }

    /// <summary>Each name by itself; one empty list where the rule is for all names.</summary>
    private IEnumerable<IReadOnlyList<string>> NamesOrAll() =>
        Names.Count == 0
            ?
            [
                [],
            ]
            : Names.Select(name => (IReadOnlyList<string>)[name]);

    private bool AllowsResource(AccessAttributes access) =>
        Has(Groups, access.Group)
        && CoversResource(access.CombinedResource)
        && (Names.Count == 0 || Names.Contains(access.Name));

    private bool CoversResource(string resource) =>
        Has(Resources, resource)
        || (
            resource.Contains('/', StringComparison.Ordinal)
            && Resources.Contains("*" + resource[resource.IndexOf('/', StringComparison.Ordinal)..])
        );

    private static bool Has(IReadOnlyList<string> list, string value) => list.Contains("*") || list.Contains(value);

    private static bool Fits(string pattern, string path) =>
        pattern == "*"
        || pattern == path
        || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static void Add(List<string> parts, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            parts.Add($"{name}:[{string.Join(' ', values.Select(value => $"\"{value}\""))}]");
        }
    }

    private static JsonArray Array(IReadOnlyList<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
