using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class WebhooksSectionTests
{
    [Fact]
    public void Without_a_secret_every_door_is_enabled_and_none_is_open()
    {
        var webhooks = new ConfigurationBench().Options().Webhooks;

        foreach (var door in new[] { webhooks.GitHub, webhooks.Bitbucket, webhooks.GitLab })
        {
            (door.Enabled, door.IsOpen).ShouldBe((true, false));
        }

        webhooks.Rules.ShouldHaveSingleItem().Name.ShouldBe("pull-requests");
        webhooks.GitHubApi.IsOn.ShouldBeFalse();
    }

    [Theory]
    [InlineData("GITHUB_WEBHOOK_SECRET")]
    [InlineData("BITBUCKET_WEBHOOK_SECRET")]
    [InlineData("GITLAB_WEBHOOK_SECRET")]
    public void A_secret_in_a_variable_opens_one_door(string variable)
    {
        var webhooks = new ConfigurationBench().WithVariable(variable, "s3cret").Options().Webhooks;

        new[] { webhooks.GitHub, webhooks.Bitbucket, webhooks.GitLab }.Count(door => door.IsOpen).ShouldBe(1);
    }

    [Fact]
    public void Several_secrets_open_a_door_and_the_first_is_the_current_one() =>
        new ConfigurationBench()
            .WithYaml("webhooks: {github: {secret: new, secrets: [old, older]}, gitlab: {enabled: false, secret: x}}")
            .Options()
            .Webhooks.ShouldSatisfyAllConditions(
                webhooks => webhooks.GitHub.Secrets.ShouldBe(["new", "old", "older"]),
                webhooks => webhooks.GitLab.IsOpen.ShouldBeFalse()
            );

    [Theory]
    [InlineData("secret: ' '")]
    [InlineData("secret: 's3cret '")]
    [InlineData("secrets: [\"\\t\"]")]
    public void A_secret_of_spaces_or_with_some_at_its_ends_is_refused(string key) =>
        new ConfigurationBench()
            .WithYaml($"webhooks: {{github: {{{key}}}}}")
            .Error()
            .ShouldContain("with no space at its ends");

    [Fact]
    public void Neither_secrets_nor_tokens_are_printed()
    {
        var options = new ConfigurationBench()
            .WithYaml("webhooks: {github: {secret: hunter2, secrets: [hunter3], token: hunter4}}")
            .Options();

        options.Webhooks.GitHubApi.Token.ShouldBe("hunter4");
        options.ToString().ShouldNotContain("hunter");
    }

    [Fact]
    public void A_rule_says_which_pull_requests_it_is_about_and_what_they_get()
    {
        var rule = new ConfigurationBench()
            .WithYaml(
                """
                webhooks:
                  rules:
                    - name: preview
                      providers: [github]
                      repositories: [acme/*]
                      branches: [main, release/*]
                      authors: ["*"]
                      associations: [OWNER, MEMBER]
                      labels: [preview]
                      events: [updated]
                      drafts: false
                      forks: label
                      fork_label: safe
                      cluster_name: "{repo}-{number}"
                      ttl_hours: 8
                      k8s_version: 1.34
                      cluster_labels: {team: a, branch: "{branch}"}
                      values: {sync: {toHost: {ingresses: {enabled: true}}}}
                      on_update: recreate
                      max_per_repository: 5
                      max_per_author: 2
                """
            )
            .Options()
            .Webhooks.Rules.ShouldHaveSingleItem();

        rule.Repositories.ShouldBe(["acme/*"]);
        rule.Events.ShouldBe([RuleEvent.Updated]);
        (rule.Drafts, rule.ForkLabel, rule.ClusterName).ShouldBe((false, "safe", "{repo}-{number}"));
        (rule.TtlHours, rule.KubernetesVersion, rule.OnUpdate).ShouldBe((8, "1.34", OnUpdate.Recreate));
        (rule.MaxPerRepository, rule.MaxPerAuthor).ShouldBe((5, 2));
        rule.Values!.ToJsonString().ShouldBe("""{"sync":{"toHost":{"ingresses":{"enabled":true}}}}""");
    }

    [Theory]
    [InlineData("{}", "needs a name")]
    [InlineData("{name: Preview}", "must be 1 to 63 lower-case letters")]
    [InlineData("{name: a, repository: x}", "is not known here")]
    [InlineData("{name: a, forks: label}", "needs fork_label")]
    [InlineData("{name: a, forks: allow}", "must be one of deny, label")]
    [InlineData("{name: a, fork_label: safe}", "has a fork_label, and forks: deny")]
    [InlineData("{name: a, repositories: []}", "has an empty list")]
    [InlineData("{name: a, events: []}", "has an empty list")]
    [InlineData("{name: a, events: [closed]}", "must be one of opened, updated")]
    [InlineData("{name: a, events: [opened], on_update: extend}", "has on_update, and no updated in events")]
    [InlineData("{name: a, cluster_name: 'pr-{title}'}", "has {title} in cluster_name")]
    [InlineData("{name: a, cluster_name: 'pr-{sha}'}", "has {sha} in cluster_name")]
    [InlineData("{name: a, cluster_labels: {a: '{body}'}}", "has {body} in cluster_labels")]
    [InlineData("{name: a, k8s_version: 1.25}", "which is not on offer")]
    [InlineData("{name: a, values: {experimental: {}}}", "which vcluster.denied_values keeps to admins")]
    [InlineData("{name: a, ttl_hours: 721}", "must be a whole number from 1 to 720")]
    [InlineData("{name: a, on_update: replace}", "must be one of none, extend, recreate")]
    [InlineData("{name: a, providers: [gitea]}", "must be one of github, bitbucket, gitlab")]
    public void What_is_wrong_with_a_rule_stops_the_start(string rule, string words) =>
        new ConfigurationBench().WithYaml($"webhooks: {{rules: [{rule}]}}").Error().ShouldContain(words);

    [Fact]
    public void All_that_is_wrong_with_rules_is_said_at_once()
    {
        var errors = new ConfigurationBench()
            .WithYaml(
                """
                webhooks:
                  rules:
                    - {name: a, forks: label, cluster_name: "{title}", cluster_labels: {a: "{x}", b: "{y}"}}
                """
            )
            .Errors();

        foreach (var words in (string[])["needs fork_label", "has {title}", "has {x}", "has {y}"])
        {
            errors.ShouldContain(error => error.Contains(words));
        }

        errors = new ConfigurationBench()
            .WithYaml("webhooks: {rules: [{name: a, k8s_version: 1.25, values: {experimental: {}}}]}")
            .Errors();
        errors.ShouldContain(error => error.Contains("which is not on offer"));
        errors.ShouldContain(error => error.Contains("vcluster.denied_values"));
    }

    [Fact]
    public void Two_rules_cannot_have_the_same_name() =>
        new ConfigurationBench()
            .WithYaml("webhooks: {rules: [{name: a}, {name: a}]}")
            .Error()
            .ShouldContain("has the name a more than once");

    [Fact]
    public void A_token_without_an_address_has_nobody_to_go_to() =>
        new ConfigurationBench()
            .WithYaml("webhooks: {bitbucket: {server_token: hunter2}}")
            .Error()
            .ShouldSatisfyAllConditions(
                error => error.ShouldContain("webhooks.bitbucket.server_url"),
                error => error.ShouldNotContain("hunter2")
            );

    [Fact]
    public void Paths_are_put_behind_the_address_of_an_API() =>
        new ConfigurationBench()
            .WithYaml("webhooks: {github: {api_url: 'https://git.example.com/api/v3', token: t}}")
            .Options()
            .Webhooks.GitHubApi.Address.ShouldBe(new Uri("https://git.example.com/api/v3/"));
}
