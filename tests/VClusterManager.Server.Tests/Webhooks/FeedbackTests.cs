using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Webhooks.Feedback;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>What pull requests are told, through a provider that answers, fails, and forgets to answer.</summary>
public sealed class FeedbackTests(WebhookHost host) : IClassFixture<WebhookHost>
{
    [Fact]
    public async Task One_comment_is_made_and_then_edited_and_the_commit_gets_a_status()
    {
        await SendAsync("acme/told", 1, "opened", 0);
        var row = (await host.RunsAsync("github:acme/told#1"))!;
        await SaysAsync("acme/told", "is running");

        var comment = Comments("acme/told").ShouldHaveSingleItem();
        comment.Text.ShouldContain($"Cluster `{row.Name}` is running");
        comment.Text.ShouldContain(
            $"https://manager.test/api/clusters/{row.Name}/kubeconfig?namespace={row.Namespace}"
        );
        comment.Text.ShouldContain($"{row.ExpiresAt:yyyy-MM-dd HH:mm} UTC");
        comment.Text.ShouldNotContain(WebhookHost.Secret);
        await Wait.UntilAsync(() => Statuses("acme/told").LastOrDefault()?.State == "SUCCESS");
        var status = Statuses("acme/told")[^1];
        status.Place.ShouldEndWith(GitHubDeliveries.Sha(1));
        status.Context.ShouldBe("vcluster-manager/rest");

        var later = row.ExpiresAt!.Value.AddHours(20);
        (await host.Editor.PostAsync($"/api/clusters/{row.Name}/extend", new { ttl_hours = 25 })).ShouldBe(200);
        await SaysAsync("acme/told", $"{later:yyyy-MM-dd HH:}");

        await SendAsync("acme/told", 1, "closed", 1);
        await SaysAsync("acme/told", $"Cluster `{row.Name}` is gone");
        Comments("acme/told").ShouldHaveSingleItem().Id.ShouldBe(comment.Id);
    }

    [Fact]
    public async Task A_comment_whose_answer_was_lost_is_found_and_not_made_twice()
    {
        var lost = 0;
        host.Providers.Swallow = http =>
            http.Request.Method == "POST"
            && http.Request.Path.Value!.Contains("acme/unanswered/issues")
            && Interlocked.Increment(ref lost) == 1;

        await SendAsync("acme/unanswered", 1, "opened", 0);
        await host.RunsAsync("github:acme/unanswered#1");
        await SaysAsync("acme/unanswered", "is running");

        lost.ShouldBe(1, "the second try has found it");
        Comments("acme/unanswered").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_comment_of_others_that_looks_like_ours_is_left_alone()
    {
        host.Providers.AddComment("github", "/github/repos/acme/copied/issues/1", "[//]: # (vcluster-manager:0000)");

        await SendAsync("acme/copied", 1, "opened", 0);
        await SaysAsync("acme/copied", "Cluster");

        var comments = Comments("acme/copied");
        comments.Count.ShouldBe(2);
        comments[0].Edits.ShouldBe(0);
    }

    [Fact]
    public async Task A_comment_that_somebody_deletes_is_made_again_when_there_is_news()
    {
        await SendAsync("acme/forgotten", 1, "opened", 0);
        await host.RunsAsync("github:acme/forgotten#1");
        await SaysAsync("acme/forgotten", "is running");
        host.Providers.DeleteComment(Comments("acme/forgotten")[0].Id);

        await SendAsync("acme/forgotten", 1, "closed", 1);

        await SaysAsync("acme/forgotten", "is gone");
    }

    [Fact]
    public async Task What_a_commit_is_told_counts_for_the_newest()
    {
        await SendAsync("acme/commits", 1, "opened", 0);
        await host.RunsAsync("github:acme/commits#1");
        await SendAsync("acme/commits", 1, "synchronize", 1, sha: 7);

        await Wait.UntilAsync(() => Statuses("acme/commits").Any(s => s.Place.Contains(GitHubDeliveries.Sha(7))));
    }

    [Fact]
    public void The_same_state_says_the_same_and_strangers_say_nothing_in_it()
    {
        var pull = RuleTests.Pull(p => p.Message = "```\n# x <script> @everybody");
        var cluster = TestManager.Row();
        cluster.Phase = ClusterPhase.Failed;
        cluster.Message = "```\n</details> [x](javascript:1)";

        var one = FeedbackText.Of(pull, cluster, isWanted: true, "c", address: null);
        var other = FeedbackText.Of(pull, cluster, isWanted: true, "c", address: null);

        one.ShouldBe(other);
        one.Status!.State.ShouldBe(CommitState.Failure);
        one.Comment!.ShouldContain("```text\n'''\n</details>");
        var refused = FeedbackText.Of(pull, null, isWanted: true, "c", address: null);
        refused.Status!.State.ShouldBe(CommitState.Pending);
        refused.Comment!.ShouldContain("```text\n'''\n# x");
        FeedbackText.Of(pull, null, isWanted: false, "c", address: null).ShouldBe(new Told(null, null));
    }

    [Fact]
    public void A_cluster_that_ends_soon_says_so()
    {
        var cluster = TestManager.Row();
        cluster.Phase = ClusterPhase.Running;
        Text().ShouldNotContain("ends soon");

        cluster.ExpiryWarning = TimeSpan.FromMinutes(15);
        Text().ShouldContain("**It ends soon, at 12:00 UTC**, unless somebody extends it.");

        cluster.Protected = true;
        Text().ShouldNotContain("ends soon");

        string Text() => FeedbackText.Of(RuleTests.Pull(), cluster, isWanted: true, "c", address: null).Comment!;
    }

    [Fact]
    public void A_provider_that_fails_is_left_alone_for_longer_and_longer()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        ProviderPauses pauses = new(time);
        var first = pauses.Failed("github", null);
        var second = pauses.Failed("github", null);

        second.ShouldBeGreaterThan(first);
        pauses.Left("github").ShouldBe(second);
        pauses.Left("gitlab").ShouldBeNull();
        pauses.Failed("github", TimeSpan.FromSeconds(90)).ShouldBe(TimeSpan.FromSeconds(90));
        pauses.Failed("github", TimeSpan.FromDays(9)).ShouldBe(TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromHours(2));
        pauses.Left("github").ShouldBeNull();

        var turns = Enumerable.Range(0, 4).Select(_ => pauses.TakeTurn().ShouldNotBeNull()).ToList();
        pauses.TakeTurn().ShouldBeNull("a few at once");
        turns[0].Dispose();
        turns[0].Dispose();
        pauses.TakeTurn().ShouldNotBeNull();
        pauses.TakeTurn().ShouldBeNull();
    }

    [Fact]
    public void An_answer_ends_no_pause_that_lies_ahead_and_no_failure_shortens_it()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        ProviderPauses pauses = new(time);
        pauses.Failed("github", TimeSpan.FromSeconds(90));

        pauses.Succeeded("github");
        pauses.Left("github").ShouldBe(TimeSpan.FromSeconds(90), "it has asked for it");
        pauses.Failed("github", TimeSpan.FromSeconds(2)).ShouldBe(TimeSpan.FromSeconds(90));
        pauses.Failed("github", null).ShouldBe(TimeSpan.FromSeconds(90));

        time.Advance(TimeSpan.FromSeconds(91));
        pauses.Succeeded("github");
        pauses.Failed("github", null).ShouldBeLessThan(TimeSpan.FromSeconds(1.3), "it is the first failure again");
    }

    [Theory]
    [InlineData("acme/final", 422)]
    [InlineData("acme/forbidden", 403)]
    public async Task A_commit_that_cannot_be_told_keeps_neither_its_comment_nor_others_waiting(
        string repository,
        int status
    )
    {
        host.Providers.Fault = http => http.Request.Path.Value!.Contains($"{repository}/statuses") ? status : null;

        await SendAsync(repository, 1, "opened", 0);
        await host.RunsAsync($"github:{repository}#1");
        await SaysAsync(repository, "is running");

        Statuses(repository).ShouldBeEmpty();
        host.Services.GetRequiredService<ProviderPauses>().Left("github").ShouldBeNull();
    }

    private IReadOnlyList<ProviderStandIn.Comment> Comments(string repository) =>
        [.. host.Providers.Comments.Where(c => c.Place.Contains(repository + "/"))];

    private ProviderStandIn.Status[] Statuses(string repository) =>
        [.. host.Providers.Statuses.Where(s => s.Place.Contains(repository + "/"))];

    private Task SaysAsync(string repository, string words) =>
        Wait.UntilAsync(() => Comments(repository) is [.., var last] && last.Text.Contains(words));

    private async Task SendAsync(string repository, int number, string action, double minute, int sha = 1) =>
        (
            await host.Sender.SendAsync(
                "github",
                "pull_request",
                GitHubDeliveries.Of(repository, number, action, minute, GitHubDeliveries.Sha(sha))
            )
        ).Status.ShouldBe(202);
}
