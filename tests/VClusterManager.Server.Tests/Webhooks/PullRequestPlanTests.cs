using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters;
using VClusterManager.Server.Webhooks.PullRequests;
using VClusterManager.Server.Webhooks.Rules;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>What is next, from what is true now.</summary>
public sealed class PullRequestPlanTests
{
    private const string Own = "github:acme/shop#12";

    private static readonly WebhookRule s_rule = new() { Name = "any" };
    private static readonly RuleDecision s_yes = new RuleDecision.Yes(s_rule);
    private static readonly RuleDecision s_no = new RuleDecision.No("no rule");

    [Fact]
    public void One_that_is_wanted_and_has_none_gets_one() =>
        Next(Pull(), s_yes, null).ShouldBeOfType<PullRequestStep.Create>();

    [Fact]
    public void A_place_that_was_taken_before_a_crash_is_used() =>
        Next(Pull(p => (p.ClusterName, p.Served) = ("x", 1)), s_yes, null).ShouldBeOfType<PullRequestStep.Create>();

    [Fact]
    public void One_that_has_its_cluster_rests() =>
        Next(Pull(p => p.Served = 1), s_yes, Cluster()).ShouldBeOfType<PullRequestStep.Rest>();

    [Theory]
    [InlineData(OnUpdate.None, typeof(PullRequestStep.Leave))]
    [InlineData(OnUpdate.Extend, typeof(PullRequestStep.Extend))]
    [InlineData(OnUpdate.Recreate, typeof(PullRequestStep.Delete))]
    internal void A_new_commit_does_what_the_rule_says(OnUpdate update, Type step) =>
        Next(
                Pull(p => (p.UpdatedWish, p.Served) = (2, 1)),
                new RuleDecision.Yes(s_rule with { OnUpdate = update }),
                Cluster()
            )
            .ShouldBeOfType(step);

    [Fact]
    public void A_new_commit_does_nothing_where_the_rule_follows_openings_alone()
    {
        var opened = new RuleDecision.Yes(s_rule with { Events = [RuleEvent.Opened] });
        var pushed = Pull(p => (p.UpdatedWish, p.Served) = (2, 1));

        Next(pushed, opened, Cluster()).ShouldBeOfType<PullRequestStep.Leave>().Why.ShouldBe("events: [opened]");
        Next(pushed, opened, Gone("system"))
            .ShouldBeOfType<PullRequestStep.End>()
            .Why.ShouldEndWith("): closing and reopening it makes another");
        Next(Pull(p => p.UpdatedWish = 2), opened, null)
            .ShouldBeOfType<PullRequestStep.Create>("it was opened, and has none yet");
        Next(Pull(p => (p.UpdatedWish, p.OpenedWish, p.Served) = (2, 3, 1)), opened, Gone("system"))
            .ShouldBeOfType<PullRequestStep.Create>("it was reopened");
    }

    [Fact]
    public void One_that_is_reopened_while_its_cluster_goes_waits_and_gets_a_new_one()
    {
        var pull = Pull(p => (p.UpdatedWish, p.Served) = (2, 1));
        var going = Cluster(c => c.Desired = DesiredState.Deleted);
        Next(pull, s_yes, going).ShouldBeOfType<PullRequestStep.Wait>();

        going.DeletedAt = TestManager.Now;
        going.DeletedBy = Own;

        Next(pull, s_yes, going).ShouldBeOfType<PullRequestStep.Create>();
    }

    [Fact]
    public void A_cluster_that_others_have_ended_comes_back_with_a_new_wish_only()
    {
        var gone = Gone("system");
        Next(Pull(p => p.Served = 1), s_yes, gone).ShouldBeOfType<PullRequestStep.End>().Why.ShouldContain("system");
        Next(Pull(p => (p.Served, p.Ended) = (1, true)), s_yes, gone).ShouldBeOfType<PullRequestStep.Rest>();
        Next(Pull(p => (p.Served, p.Ended) = (1, true)), s_yes, null)
            .ShouldBeOfType<PullRequestStep.Rest>("also when nobody remembers that cluster any more");

        Next(Pull(p => (p.UpdatedWish, p.Served) = (2, 1)), s_yes, gone).ShouldBeOfType<PullRequestStep.Create>();
        Next(Pull(p => (p.UpdatedWish, p.Served, p.PreviousCluster) = (2, 2, gone.Id)), s_yes, gone)
            .ShouldBeOfType<PullRequestStep.Create>("the place was taken after it had gone");
    }

    [Fact]
    public void A_cluster_that_we_took_away_comes_back_when_it_is_wanted() =>
        Next(Pull(p => p.Served = 1), s_yes, Gone(Own)).ShouldBeOfType<PullRequestStep.Create>();

    [Fact]
    public void What_is_closed_or_not_wanted_any_more_loses_its_cluster()
    {
        Next(Pull(p => p.IsOpen = false), s_yes, Cluster())
            .ShouldBeOfType<PullRequestStep.Delete>()
            .Why.ShouldBe("the pull request is closed");
        Next(Pull(), s_no, Cluster()).ShouldBeOfType<PullRequestStep.Delete>().Why.ShouldBe("no rule");
        Next(Pull(p => p.IsOpen = false), s_yes, Cluster(c => c.Desired = DesiredState.Deleted))
            .ShouldBeOfType<PullRequestStep.Wait>();
        Next(Pull(p => p.IsOpen = false), s_yes, Gone(Own)).ShouldBeOfType<PullRequestStep.Clear>();
        Next(Pull(p => p.IsOpen = false), s_yes, null).ShouldBeOfType<PullRequestStep.Clear>();
    }

    [Fact]
    public void What_somebody_protects_stays() =>
        Next(Pull(p => p.IsOpen = false), s_yes, Cluster(c => c.Protected = true))
            .ShouldBeOfType<PullRequestStep.Rest>()
            .Message!.ShouldContain("protected");

    [Fact]
    public void What_somebody_protects_stays_when_there_is_a_new_commit_and_goes_once_nobody_does()
    {
        var pull = Pull(p => (p.UpdatedWish, p.Served) = (2, 1));
        var recreate = new RuleDecision.Yes(s_rule with { OnUpdate = OnUpdate.Recreate });

        Next(pull, recreate, Cluster(c => c.Protected = true))
            .ShouldBeOfType<PullRequestStep.Rest>()
            .Message!.ShouldContain("protected it; else: there is a new commit, and rule any has on_update: recreate");
        Next(pull, recreate, Cluster()).ShouldBeOfType<PullRequestStep.Delete>();
    }

    private static PullRequestStep Next(PullRequestRow pull, RuleDecision decision, ClusterRow? cluster) =>
        PullRequestPlan.Next(pull, decision, cluster, Own);

    private static PullRequestRow Pull(Action<PullRequestRow>? change = null) => RuleTests.Pull(change);

    private static ClusterRow Cluster(Action<ClusterRow>? change = null)
    {
        var row = TestManager.Row();
        change?.Invoke(row);
        return row;
    }

    private static ClusterRow Gone(string by) =>
        Cluster(c =>
        {
            (c.Desired, c.Phase) = (DesiredState.Deleted, ClusterPhase.Deleted);
            (c.DeletedAt, c.DeletedBy) = (TestManager.Now, by);
        });
}
