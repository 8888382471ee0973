using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Clusters for pull requests.</summary>
internal static class WebhooksSection
{
    public static readonly KeySection Section = new(
        "webhooks",
        "Clusters for pull requests: a delivery of GitHub, Bitbucket or GitLab makes one, and closing takes it away. See "
            + "`docs/webhooks.md`."
    );

    private static readonly Key<IReadOnlyList<WebhookRule>> Rules = Section.Add(
        new Key<IReadOnlyList<WebhookRule>>(new ListType<WebhookRule>("a list of rules", new WebhookRuleType()))
        {
            Name = "rules",
            Default = "[{name: pull-requests}]",
            Doc =
                "Which pull requests get a cluster; the first rule that is about one decides. A rule has a `name`, and is about "
                + "those that all of this matches which it says: `providers` (github, bitbucket, gitlab), `repositories` "
                + "(`[acme/*]`), `branches` that they are to be merged into, `authors`, `associations` (GitHub only: OWNER, "
                + "MEMBER, ...) and `labels`, which they must all have; `*` stands for any text. It may then still refuse: "
                + "`events`, of which there are opened and updated (a new commit), and both unless it says; `drafts: false`; "
                + "`forks: deny` (the default) or `forks: label` with a `fork_label` that a member has set since "
                + "the last commit. What it makes: `cluster_name` (`pr-{number}-{repo}`, to which letters are added that no other "
                + "pull request has), `ttl_hours`, `k8s_version`, `cluster_labels`, `values` (as editors may set them). `on_update` "
                + "is what a new commit does: none, extend or recreate. `max_per_repository` and `max_per_author` limit how many "
                + "there are at once. Names, labels and values may hold {number}, {repo}, {owner}, {provider}, {branch}, {author} "
                + "and, but for names, {sha}: they are put in as text.",
        }
    );

    private static readonly Key<TimeSpan> CheckInterval = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)))
        {
            Name = "check_interval",
            Default = "30m",
            Doc =
                "How often a provider is asked whether a pull request that is known to be open still is, since deliveries get "
                + "lost. Needs a token.",
        }
    );

    private static readonly Key<int> RetentionDays = Section.Add(
        new Key<int>(Types.Integer(1, 365))
        {
            Name = "retention_days",
            Default = "14",
            Doc = "How many days deliveries are kept, with their bodies.",
        }
    );

    public static WebhookOptions Read(ConfigurationValues values, VClusterOptions clusters)
    {
        var rules = values.Get(Rules);
        foreach (var name in rules.GroupBy(rule => rule.Name).Where(group => group.Count() > 1))
        {
            values.Fail(Rules, $"has the name {name.Key} more than once");
        }

        foreach (var rule in rules)
        {
            foreach (var wrong in Wrong(rule, clusters))
            {
                values.Fail(Rules, $"{rule.Name} {wrong}");
            }
        }

        return ProviderSections.Read(values) with
        {
            Rules = rules,
            CheckInterval = values.Get(CheckInterval),
            Retention = TimeSpan.FromDays(values.Get(RetentionDays)),
        };
    }

    /// <summary>What would otherwise be found out with the first pull request.</summary>
    private static IEnumerable<string> Wrong(WebhookRule rule, VClusterOptions clusters)
    {
        if (rule.KubernetesVersion is { } version && new KubernetesVersions(clusters).Resolve(version) is null)
        {
            yield return $"has k8s_version {version}, which is not on offer: there are {string.Join(", ", clusters.Versions.Keys)}";
        }

        if (rule.Values is { } own && VClusterValues.Denied(own, clusters.DeniedValues) is { Count: > 0 } denied)
        {
            yield return $"sets {string.Join(", ", denied)}, which vcluster.denied_values keeps to admins: set it for all clusters in vcluster.values";
        }
    }
}
