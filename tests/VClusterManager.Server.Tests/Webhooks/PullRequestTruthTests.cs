using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Webhooks.PullRequests;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>Order, disorder and equal times.</summary>
public sealed class PullRequestTruthTests
{
    private static readonly PullRequestId s_id = new("github", "acme/shop", 12);

    [Fact]
    public void Every_order_of_deliveries_ends_in_the_state_of_the_newest()
    {
        PullRequestFacts[] story =
        [
            Facts(0, sha: 1),
            Facts(1, sha: 2),
            Facts(2, sha: 2, isOpen: false),
            Facts(3, sha: 2),
            Facts(4, sha: 3),
            Facts(5, sha: 3, isOpen: false),
        ];
        for (var length = 1; length <= story.Length; length++)
        {
            foreach (var order in Permutations([.. story.Take(length)]))
            {
                var row = Learn(order);
                var newest = story[length - 1];
                (row.IsOpen, row.HeadSha, row.FactsAt).ShouldBe((newest.IsOpen, newest.HeadSha, newest.At));
            }
        }
    }

    [Fact]
    public void At_equal_times_closed_wins_in_either_order()
    {
        PullRequestFacts[] created = [Facts(0), Facts(0, isOpen: false)];

        foreach (var order in Permutations(created))
        {
            Learn(order).IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public void Closed_stays_closed_until_it_is_reopened_later()
    {
        var row = Learn([Facts(0), Facts(2, isOpen: false), Facts(1), Facts(2)]);
        row.IsOpen.ShouldBeFalse();
        var wish = row.Wish;

        PullRequestTruth.Learn(row, Facts(3), isNew: false).ShouldBe(Learnt.Something);

        row.IsOpen.ShouldBeTrue();
        row.Wish.ShouldBe(wish + 1);
    }

    [Fact]
    public void The_same_once_more_tells_nothing_and_wishes_for_nothing()
    {
        var row = Learn([Facts(0)]);

        PullRequestTruth.Learn(row, Facts(0), isNew: false).ShouldBe(Learnt.Nothing);
        PullRequestTruth.Learn(row, Facts(-1, sha: 9), isNew: false).ShouldBe(Learnt.Late);

        (row.Wish, row.HeadSha).ShouldBe((1, GitHubDeliveries.Sha(1)));
    }

    [Fact]
    public void A_new_commit_is_a_new_wish_and_a_label_is_none()
    {
        var row = Learn([Facts(0)]);
        row.Ended = true;

        Take(row, Facts(1, labels: ["a"]));
        (row.Wish, row.Ended).ShouldBe((1, true));

        Take(row, Facts(2, sha: 2, labels: ["a"]));
        (row.OpenedWish, row.UpdatedWish, row.Ended).ShouldBe((1, 2, false));

        Take(row, Facts(3, sha: 2, isOpen: false));
        Take(row, Facts(4, sha: 3));
        (row.OpenedWish, row.UpdatedWish).ShouldBe((3, 2), "a reopening, whatever came with it");
    }

    [Fact]
    public void One_that_is_first_heard_of_when_it_is_closed_wishes_for_nothing() =>
        Learn([Facts(0, isOpen: false)]).Wish.ShouldBe(0);

    [Fact]
    public void A_label_that_a_member_set_belongs_to_one_commit()
    {
        var row = Learn([Facts(0), Facts(1, labels: ["safe"], set: "safe")]);
        row.MemberLabels.ShouldBe(["safe"]);

        Take(row, Facts(2, labels: ["safe", "x"]));
        row.MemberLabels.ShouldBe(["safe"], "another label changes nothing");

        Take(row, Facts(3, sha: 2, labels: ["safe", "x"]));
        row.MemberLabels.ShouldBeEmpty("a new commit takes it away");

        Take(row, Facts(4, sha: 2, labels: ["safe", "x"], set: "x"));
        row.MemberLabels.ShouldBe(["x"]);

        Take(row, Facts(5, sha: 2, labels: ["safe"]));
        row.MemberLabels.ShouldBeEmpty("it was taken away");
    }

    [Fact]
    public void A_label_that_is_heard_of_late_counts_for_the_commit_that_it_was_set_at()
    {
        var set = Facts(1, labels: ["safe"], set: "safe");

        Learn([Facts(0), Facts(2, labels: ["safe"]), set]).MemberLabels.ShouldBe(["safe"]);
        Learn([Facts(0), Facts(2, sha: 2, labels: ["safe"]), set])
            .MemberLabels.ShouldBeEmpty("there is another commit");
        Learn([Facts(0), Facts(2), set]).MemberLabels.ShouldBeEmpty("it was taken away again");
    }

    [Fact]
    public void A_label_and_a_commit_of_one_second_let_nobody_in()
    {
        PullRequestFacts[] race = [Facts(1, labels: ["safe"], set: "safe"), Facts(1, sha: 2, labels: ["safe"])];

        foreach (var order in Permutations(race))
        {
            var row = Learn([Facts(0), .. order]);
            row.MemberLabels.ShouldBeEmpty();
        }
    }

    [Fact]
    public void What_is_not_said_any_more_is_remembered()
    {
        var row = Learn([Facts(0) with { Author = "anna", Association = "MEMBER" }]);

        Take(row, Facts(1, sha: 2) with { Author = null });

        (row.Author, row.Association).ShouldBe(("anna", "MEMBER"));
    }

    internal static PullRequestFacts Facts(
        double minute,
        int sha = 1,
        bool isOpen = true,
        string[]? labels = null,
        string? set = null
    ) =>
        new()
        {
            Id = s_id,
            IsOpen = isOpen,
            At = GitHubDeliveries.Noon.AddMinutes(minute),
            HeadSha = GitHubDeliveries.Sha(sha),
            HeadBranch = "x",
            BaseBranch = "main",
            IsFork = false,
            IsDraft = false,
            Author = "anna",
            Labels = labels ?? [],
            MemberLabels = set is null ? [] : [set],
        };

    private static PullRequestRow Learn(IReadOnlyList<PullRequestFacts> facts)
    {
        PullRequestRow row = new()
        {
            Key = s_id.Key,
            Provider = s_id.Provider,
            Repository = s_id.Repository,
            Number = s_id.Number,
            CreatedAt = TestManager.Now,
        };
        for (var i = 0; i < facts.Count; i++)
        {
            PullRequestTruth.Learn(row, facts[i], isNew: i == 0);
        }

        return row;
    }

    private static void Take(PullRequestRow row, PullRequestFacts facts) =>
        PullRequestTruth.Learn(row, facts, isNew: false).ShouldBe(Learnt.Something);

    internal static IEnumerable<T[]> Permutations<T>(T[] all) =>
        all.Length <= 1
            ? [all]
            : all.SelectMany(
                (first, at) =>
                    Permutations([.. all.Where((_, other) => other != at)]).Select(rest => (T[])[first, .. rest])
            );
}
