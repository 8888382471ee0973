using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A rule from pull requests to clusters: a map.</summary>
internal sealed partial class WebhookRuleType : KeyType<WebhookRule>
{
    /// <summary>What stands for something in templates.</summary>
    public static readonly string[] Placeholders = ["number", "repo", "owner", "provider", "branch", "author", "sha"];

    /// <summary>Providers as rules name them.</summary>
    public static readonly string[] Providers = ["github", "bitbucket", "gitlab"];

    private static readonly string[] s_associations =
    [
        "OWNER",
        "MEMBER",
        "COLLABORATOR",
        "CONTRIBUTOR",
        "FIRST_TIME_CONTRIBUTOR",
        "FIRST_TIMER",
        "MANNEQUIN",
        "NONE",
    ];

    private static readonly KeyType<string> s_name = Types.Text(
        "1 to 63 lower-case letters, digits and '-'",
        "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        63
    );

    private static readonly KeyType<string> s_text = Types.Text("text", "^[^\\r\\n]{1,300}$", 300);

    private static readonly ListType<string> s_patterns = new(
        "a list of texts, in which * stands for any text",
        s_text
    );

    private static readonly ListType<string> s_texts = new("a list of texts", s_text);

    private static readonly KeyType<string> s_version = Types.Version(
        "a Kubernetes version such as 1.35",
        "^v?1\\.[0-9]{1,3}(\\.[0-9]{1,3})?$",
        16
    );

    private static readonly MapType<string> s_labels = new(
        "a map from labels to texts",
        "a label",
        LabelKey,
        Types.Text("text", "^[^\\r\\n]{0,300}$", 300)
    );

    private static readonly FreeMapType s_values = new("a map");

    private static readonly KeyType<int> s_count = Types.Integer(1, 100_000);
    private static readonly KeyType<int> s_hours = Types.Integer(1, 720);

    private static readonly KeyType<bool> s_forks = OneOf(("deny", false), ("label", true));

    private static readonly ListType<RuleEvent> s_events = new(
        "a list of opened, updated",
        OneOf(("opened", RuleEvent.Opened), ("updated", RuleEvent.Updated))
    );

    private static readonly KeyType<OnUpdate> s_updates = OneOf(
        ("none", OnUpdate.None),
        ("extend", OnUpdate.Extend),
        ("recreate", OnUpdate.Recreate)
    );

    private static readonly (string Name, KeyType Type)[] s_fields =
    [
        ("name", s_name),
        ("providers", ListOf(Providers)),
        ("repositories", s_patterns),
        ("branches", s_patterns),
        ("authors", s_patterns),
        ("associations", ListOf(s_associations)),
        ("labels", s_texts),
        ("events", s_events),
        ("drafts", Types.Boolean),
        ("forks", s_forks),
        ("fork_label", s_text),
        ("cluster_name", s_text),
        ("ttl_hours", s_hours),
        ("k8s_version", s_version),
        ("cluster_labels", s_labels),
        ("values", s_values),
        ("on_update", s_updates),
        ("max_per_repository", s_count),
        ("max_per_author", s_count),
    ];

    public override string Words => "a map with name, repositories, branches, ...";

    public override JsonObject Schema()
    {
        JsonObject properties = [];
        foreach (var (name, type) in s_fields)
        {
            properties[name] = type.Schema();
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray("name"),
            ["additionalProperties"] = false,
        };
    }

    public override bool TryRead(RawNode node, Reading at, out WebhookRule value)
    {
        value = null!;
        if (node is not RawMap map)
        {
            at.FailAsNot(node, Words);
            return false;
        }

        EntryReader entry = new(map, at);
        var name = entry.Find("name", s_name);
        var byLabel = entry.FindValue("forks", s_forks) ?? false;
        var forkLabel = entry.Find("fork_label", s_text);
        var rule = Rest(entry, new WebhookRule { Name = name ?? "", ForkLabel = forkLabel });
        if (entry.End())
        {
            foreach (var wrong in Wrong(name, byLabel, rule))
            {
                entry.Refuse(wrong);
            }
        }

        value = entry.IsValid ? rule : null!;
        return entry.IsValid;
    }

    private static WebhookRule Rest(EntryReader entry, WebhookRule rule) =>
        rule with
        {
            Providers = entry.Find("providers", ListOf(Providers)) ?? rule.Providers,
            Repositories = entry.Find("repositories", s_patterns) ?? rule.Repositories,
            Branches = entry.Find("branches", s_patterns) ?? rule.Branches,
            Authors = entry.Find("authors", s_patterns) ?? rule.Authors,
            Associations = entry.Find("associations", ListOf(s_associations)) ?? rule.Associations,
            Labels = entry.Find("labels", s_texts) ?? rule.Labels,
            Events = entry.Find("events", s_events) ?? rule.Events,
            Drafts = entry.FindValue("drafts", Types.Boolean) ?? rule.Drafts,
            ClusterName = entry.Find("cluster_name", s_text) ?? rule.ClusterName,
            TtlHours = entry.FindValue("ttl_hours", s_hours),
            KubernetesVersion = entry.Find("k8s_version", s_version),
            ClusterLabels = entry.Find("cluster_labels", s_labels) ?? rule.ClusterLabels,
            Values = entry.Find("values", s_values),
            OnUpdate = entry.FindValue("on_update", s_updates) ?? rule.OnUpdate,
            MaxPerRepository = entry.FindValue("max_per_repository", s_count),
            MaxPerAuthor = entry.FindValue("max_per_author", s_count),
        };

    private static IEnumerable<string> Wrong(string? name, bool byLabel, WebhookRule rule)
    {
        string?[] all =
        [
            name is null ? "needs a name: what became of a pull request is told with it" : null,
            byLabel && rule.ForkLabel is null ? "lets forks in by label and needs fork_label: which one" : null,
            !byLabel && rule.ForkLabel is not null ? "has a fork_label, and forks: deny" : null,
            rule.Repositories is [] || rule.Branches is [] || rule.Authors is [] || rule.Events is []
                ? "has an empty list, which nothing matches: leave it away, or name something"
                : null,
            rule.OnUpdate != OnUpdate.None && !rule.Events.Contains(RuleEvent.Updated)
                ? "has on_update, and no updated in events"
                : null,
            Unknown(rule.ClusterName) is { } inName ? $"has {inName} in cluster_name: there are {Known}" : null,
            rule.ClusterName.Contains("{sha}", StringComparison.Ordinal)
                ? "has {sha} in cluster_name: the name stays when a commit is added"
                : null,
            .. rule
                .ClusterLabels.Values.Select(Unknown)
                .OfType<string>()
                .Select(inLabel => $"has {inLabel} in cluster_labels: there are {Known}"),
        ];
        return all.OfType<string>();
    }

    private static string Known => string.Join(", ", Placeholders.Select(word => $"{{{word}}}"));

    private static string? Unknown(string template) =>
        Placeholder
            .Matches(template)
            .Select(match => match.Value)
            .FirstOrDefault(found => !Placeholders.Contains(found[1..^1]));

    private static ListType<string> ListOf(string[] words) =>
        new($"a list of {string.Join(", ", words)}", OneOf([.. words.Select(word => (word, word))]));

    private static ScalarType<T> OneOf<T>(params (string Word, T Value)[] choices) =>
        new(
            $"one of {string.Join(", ", choices.Select(choice => choice.Word))}",
            ScalarKinds.Text,
            new() { ["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice.Word)]) },
            s =>
                Array.FindIndex(choices, choice => choice.Word == s.Text) is >= 0 and var at
                    ? Parsed.From(choices[at].Value)
                    : Parsed.Not<T>()
        );

    [GeneratedRegex(@"\{[a-zA-Z_]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9_./-]{0,250}[A-Za-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelKey { get; }
}
