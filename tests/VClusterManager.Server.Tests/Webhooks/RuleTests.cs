using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Webhooks.Rules;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

public sealed class RuleTests
{
    private static readonly WebhookRule s_any = new() { Name = "any" };

    private static readonly WebhookRule s_preview = new()
    {
        Name = "preview",
        Providers = ["github"],
        Repositories = ["acme/*"],
        Branches = ["main", "release/*"],
        Authors = ["anna", "*[bot]"],
        Associations = ["OWNER", "MEMBER"],
        Labels = ["preview"],
    };

    internal static PullRequestRow Pull(Action<PullRequestRow>? change = null)
    {
        PullRequestId id = new("github", "Acme/Shop", 12);
        PullRequestRow row = new()
        {
            Key = id.Key,
            Provider = id.Provider,
            Repository = id.Repository,
            Number = id.Number,
            CreatedAt = TestManager.Now,
            IsOpen = true,
            OpenedWish = 1,
            HeadSha = GitHubDeliveries.Sha(1),
            HeadBranch = "feature/login",
            BaseBranch = "main",
            Author = "anna",
            Association = "MEMBER",
            Labels = ["preview"],
        };
        change?.Invoke(row);
        return row;
    }

    [Fact]
    public void The_first_rule_that_is_about_it_decides()
    {
        Rule(Pull(), s_preview, s_any).ShouldBe("preview");
        Rule(Pull(), s_any, s_preview).ShouldBe("any");
        Rule(Pull(p => p.BaseBranch = "dev"), s_preview, s_any).ShouldBe("any");
    }

    [Fact]
    public void What_a_rule_refuses_the_next_one_is_not_asked_about() =>
        Why(Pull(p => p.IsFork = true), s_preview, s_any with { ForkLabel = "safe" })
            .ShouldBe("pull request of a fork and rule preview has forks: deny");

    public static TheoryData<string, string> Others =>
        new()
        {
            { "repository", "rule preview is about repositories acme/*" },
            { "branch", "rule preview is about target branches main or release/*, and not dev" },
            { "author", "rule preview is about authors anna or *[bot], and not eve" },
            { "nobody", "rule preview is about authors anna or *[bot], and not one who is not known" },
            { "association", "rule preview is about authors who are OWNER or MEMBER, and not NONE" },
            { "label", "rule preview is about the label preview" },
            { "provider", "rule preview is about github, and not gitlab" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void It_is_said_why_no_rule_is_about_it(string what, string words)
    {
        var pull = Pull(p =>
        {
            switch (what)
            {
                case "repository":
                    p.Repository = "other/shop";
                    break;
                case "branch":
                    p.BaseBranch = "dev";
                    break;
                case "author":
                    p.Author = "eve";
                    break;
                case "nobody":
                    p.Author = null;
                    break;
                case "association":
                    p.Association = "NONE";
                    break;
                case "label":
                    p.Labels = ["other"];
                    break;
            }
        });

        PullRequestRules
            .Decide([s_preview], pull, what == "provider" ? "gitlab" : "github")
            .ShouldBeOfType<RuleDecision.No>()
            .Why.ShouldBe($"no rule is about it: {words}");
    }

    [Fact]
    public void Names_match_whatever_their_case_and_branches_do_not()
    {
        Rule(Pull(p => p.Author = "ANNA"), s_preview).ShouldBe("preview");
        Rule(Pull(p => p.Repository = "ACME/x"), s_preview).ShouldBe("preview");
        Rule(Pull(p => p.BaseBranch = "release/1"), s_preview).ShouldBe("preview");
        Why(Pull(p => p.BaseBranch = "MAIN"), s_preview).ShouldContain("target branches");
    }

    [Fact]
    public void A_rule_that_follows_new_commits_alone_waits_for_one()
    {
        var rule = s_any with { Events = [RuleEvent.Updated] };
        Why(Pull(), rule).ShouldBe("there is no new commit since it was opened, and rule any has events: [updated]");

        Rule(Pull(p => p.UpdatedWish = 2), rule).ShouldBe("any");
        Why(Pull(p => (p.UpdatedWish, p.OpenedWish) = (2, 3)), rule).ShouldContain("since it was opened");
    }

    [Fact]
    public void Drafts_get_one_unless_the_rule_says_otherwise()
    {
        Rule(Pull(p => p.IsDraft = true), s_any).ShouldBe("any");
        Why(Pull(p => p.IsDraft = true), s_any with { Drafts = false })
            .ShouldBe("draft pull request and rule any has drafts: false");
    }

    [Fact]
    public void A_fork_comes_in_by_a_label_that_a_member_has_set_at_its_newest_commit()
    {
        var rule = s_any with { ForkLabel = "safe" };

        Why(Pull(p => p.IsFork = true), rule).ShouldEndWith("its newest commit, 000000000000");
        Why(Pull(p => (p.IsFork, p.Labels) = (true, ["safe"])), rule).ShouldEndWith("take it away and set it again");
        Rule(Pull(p => (p.IsFork, p.Labels, p.MemberLabels) = (true, ["safe"], ["safe"])), rule).ShouldBe("any");
    }

    [Fact]
    public void Ten_thousand_names_are_valid_stable_and_of_one_pull_request_each()
    {
        var random = new Random(20260302);
        string[] words =
        [
            "acme",
            "ACME",
            "shop",
            "a",
            "very-long-name-of-a-repository-that-goes-on",
            "x.y_z",
            "12",
            "-",
        ];
        HashSet<string> names = [];
        HashSet<string> keys = [];
        while (keys.Count < 10_000)
        {
            string Word() => words[random.Next(words.Length)] + random.Next(40);
            PullRequestId id = new(
                random.Next(2) == 0 ? "github" : "gitlab",
                $"{Word()}/{Word()}",
                random.Next(1, 5000)
            );
            if (!keys.Add(id.Key))
            {
                continue;
            }

            var rule = s_any with { ClusterName = random.Next(3) == 0 ? "{branch}" : WebhookRule.DefaultClusterName };
            var pull = new PullRequestRow
            {
                Key = id.Key,
                Provider = id.Provider,
                Repository = id.Repository,
                Number = id.Number,
                HeadBranch = Word(),
                CreatedAt = TestManager.Now,
            };
            var prefix = random.Next(2) == 0 ? "" : "thirty-characters-of-a-prefix-";
            var name = ClusterNaming.Of(rule, pull, prefix);

            ClusterName.TryParse(name, out var parsed, out var error).ShouldBeTrue($"{name}: {error}");
            NamespaceRules.Resolve(null, parsed, prefix).Length.ShouldBeLessThanOrEqualTo(63);
            ClusterNaming.Of(rule, pull, prefix).ShouldBe(name);
            names.Add(name).ShouldBeTrue($"{name} is there twice");
        }
    }

    [Theory]
    [InlineData("pr-{number}-{repo}", "pr-12-shop-")]
    [InlineData("{branch}", "feature-login-")]
    [InlineData("{number}", "pr-12-")]
    [InlineData("kube-system", "kube-system-")]
    [InlineData("___", "pr-")]
    [InlineData("{owner}/{repo}#{number}", "acme-shop-12-")]
    public void A_name_begins_as_the_template_says_and_ends_with_letters_of_its_own(string template, string start)
    {
        var name = ClusterNaming.Of(s_any with { ClusterName = template }, Pull(), "");

        name.ShouldStartWith(start);
        name[start.TrimEnd('-').Length..].ShouldMatch("^-[a-z2-7]{10}$");
    }

    [Fact]
    public void What_a_stranger_has_written_is_put_in_as_text()
    {
        var values = TestManager.Json(
            """{"a":"{branch}","b":["x {author} y",1,true,null],"{branch}":{"c":"{unknown} {{number}}"}}"""
        );
        var pull = Pull(p =>
        {
            p.HeadBranch = "x\"\n- y: &z {number} $(id) `id` 'a' ../..";
            p.Author = "eve: {sha}";
        });

        new TemplateText(pull)
            .Fill(values)
            .ToJsonString()
            .ShouldBe(
                """{"a":"x----y---z--number----id---id---a--../..","b":["x eve---sha- y",1,true,null],"{branch}":{"c":"{unknown} {12}"}}"""
            );
    }

    [Fact]
    public void A_cluster_is_labelled_with_what_it_is_for()
    {
        var rule = s_any with
        {
            ClusterLabels = new Dictionary<string, string> { ["team"] = "a", ["by"] = "{author}-{branch}" },
        };

        var asked = RequestedCluster.Of(rule, Pull(p => p.HeadBranch = new string('é', 100) + "/"), "name");

        LabelRules.Check(asked.Labels!).ShouldBeEmpty();
        asked.Labels!["team"].ShouldBe("a");
        asked.Labels["by"].ShouldBe("anna");
        asked.Labels["vcluster-manager.io/repository"].ShouldBe("Acme.Shop");
        asked.Labels["vcluster-manager.io/pull-request"].ShouldBe("12");
        asked.Labels["vcluster-manager.io/commit"].ShouldBe(GitHubDeliveries.Sha(1));
        asked.Labels["vcluster-manager.io/branch"].ShouldBe("");
    }

    private static string Rule(PullRequestRow pull, params WebhookRule[] rules) =>
        PullRequestRules.Decide(rules, pull, "github").ShouldBeOfType<RuleDecision.Yes>().Rule.Name;

    private static string Why(PullRequestRow pull, params WebhookRule[] rules) =>
        PullRequestRules.Decide(rules, pull, "github").ShouldBeOfType<RuleDecision.No>().Why;
}
