using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>What becomes of pull requests, on an emulated host.</summary>
public sealed class PullRequestFlowTests(WebhookHost host) : IClassFixture<WebhookHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opened_makes_a_cluster_and_closed_takes_it_away()
    {
        var opened = await SendAsync("acme/first", 1, "opened", 0);

        var row = (await host.RunsAsync("github:acme/first#1"))!;
        row.Name.ShouldStartWith("pr-1-first-");
        (row.Source, row.CreatedBy, row.TtlHours).ShouldBe(("pull_request", "github:acme/first#1", 5));
        row.Labels["vcluster-manager.io/pull-request"].ShouldBe("1");
        var listed = await host.Viewer.GetAsync(
            "/api/clusters?source=pull_request&label_selector=vcluster-manager.io%2Frepository%3Dacme.first"
        );
        listed.Json.Number("total").ShouldBe(1);
        var shown = await host.DeliveryAsync(opened, reason => reason.Contains("was asked for"));
        (shown.Text("verdict"), shown.Text("pull_request")).ShouldBe(("accepted", "github:acme/first#1"));

        var closed = await SendAsync("acme/first", 1, "closed", 1);

        var gone = (await host.IsGoneAsync("github:acme/first#1"))!;
        (gone.DeletedBy, gone.DeletedReason).ShouldBe(("github:acme/first#1", "the pull request is closed"));
        await host.DeliveryAsync(closed, reason => reason.Contains("is gone: the pull request is closed"));
        (await host.PullAsync("github:acme/first#1"))!.ClusterName.ShouldBeNull();
        // Who looks once more does not say less than was said.
        var seen = host.Services.GetRequiredService<WorkQueue>();
        await host.Stores.TransactAsync(
            store => seen.EnqueueAsync(store, "pull_request", "github:acme/first#1", TimeProvider.System.GetUtcNow()),
            Cancellation
        );
        seen.Wake();
        await Wait.UntilAsync(() =>
            host.Stores.ReadAsync(store =>
                store.WorkItems.AnyAsync(
                    item => item.Kind == "pull_request" && item.Key == "github:acme/first#1" && item.DueAt == null,
                    Cancellation
                )
            )
        );
        (await host.DeliveryAsync(closed)).Text("verdict").ShouldBe("accepted");
    }

    [Fact]
    public async Task A_late_opened_makes_nothing()
    {
        await host.DeliveryAsync(await SendAsync("acme/late", 1, "closed", 1));

        var late = await host.DeliveryAsync(await SendAsync("acme/late", 1, "opened", 0));

        (late.Text("verdict"), late.Text("reason")).ShouldBe(
            (
                "ignored",
                "It is late: it tells of 2026-03-02 12:00:00Z, and acme/late#1 is known to be closed at 2026-03-02 12:01:00Z."
            )
        );
        (await host.ClusterAsync("github:acme/late#1", _ => true)).ShouldBeNull();
    }

    [Fact]
    public async Task The_reason_says_which_rule_it_was()
    {
        var ignored = await host.DeliveryAsync(await SendAsync("acme/drafts", 1, "opened", 0, draft: true));
        (ignored.Text("verdict"), ignored.Text("reason")).ShouldBe(
            ("ignored", "draft pull request and rule drafts has drafts: false")
        );

        await SendAsync("acme/drafts", 1, "ready_for_review", 1);
        await host.RunsAsync("github:acme/drafts#1");
        await SendAsync("acme/drafts", 1, "converted_to_draft", 2, draft: true);
        (await host.IsGoneAsync("github:acme/drafts#1"))!.DeletedReason.ShouldBe(
            "draft pull request and rule drafts has drafts: false"
        );
    }

    [Fact]
    public async Task Reopened_while_its_cluster_goes_creates_once_it_is_gone()
    {
        const string Key = "github:acme/reopened#1";
        await SendAsync("acme/reopened", 1, "opened", 0);
        var first = (await host.RunsAsync(Key))!;
        await host.BreakAsync("stuck-finalizer", ns: first.Namespace, name: first.Name);
        await SendAsync("acme/reopened", 1, "closed", 1);
        await host.ClusterAsync(Key, row => row is { Desired: DesiredState.Deleted });

        var reopened = await SendAsync("acme/reopened", 1, "reopened", 2);
        await host.DeliveryAsync(reopened, reason => reason.Contains("waits until it is gone"));
        await host.MendAsync("stuck-finalizer", first.Namespace, first.Name);

        var second = (await host.RunsAsync(Key))!;
        second.Id.ShouldNotBe(first.Id);
        second.Name.ShouldBe(first.Name, "the name is the pull request's");
    }

    [Fact]
    public async Task A_new_commit_does_what_the_rule_says()
    {
        await SendAsync("acme/shop", 20, "opened", 0);
        await SendAsync("acme/extend", 1, "opened", 0);
        await SendAsync("acme/recreate", 1, "opened", 0);
        var left = (await host.RunsAsync("github:acme/shop#20"))!;
        var extended = (await host.RunsAsync("github:acme/extend#1"))!;
        var recreated = (await host.RunsAsync("github:acme/recreate#1"))!;
        await host.Stores.TransactAsync(
            async store =>
            {
                foreach (var id in new[] { left.Id, extended.Id })
                {
                    var row = (await store.Clusters.FindAsync([id], Cancellation))!;
                    row.ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1);
                }
            },
            Cancellation
        );

        var none = await SendAsync("acme/shop", 20, "synchronize", 1, sha: 2);
        await SendAsync("acme/extend", 1, "synchronize", 1, sha: 2);
        await SendAsync("acme/recreate", 1, "synchronize", 1, sha: 2);

        var soon = TimeProvider.System.GetUtcNow().AddHours(4);
        await host.ClusterAsync("github:acme/extend#1", row => row!.ExpiresAt > soon);
        await host.ClusterAsync("github:acme/recreate#1", row => row!.Id != recreated.Id);
        var made = (await host.RunsAsync("github:acme/recreate#1"))!;
        made.Labels["vcluster-manager.io/commit"].ShouldBe(GitHubDeliveries.Sha(2));
        await host.DeliveryAsync(none, reason => reason.Contains("(on_update: none)"));
        (await host.RunsAsync("github:acme/shop#20"))!.ExpiresAt!.Value.ShouldBeLessThan(soon);
    }

    [Fact]
    public async Task A_fork_comes_in_by_label_and_goes_with_the_next_commit()
    {
        const string Key = "github:acme/forks#1";
        var refused = await host.DeliveryAsync(await SendAsync("acme/forks", 1, "opened", 0, fork: true));
        refused.Text("reason").ShouldContain("wants a member to set the label safe");

        await SendAsync("acme/forks", 1, "labeled", 1, fork: true, labels: ["safe"], label: "safe");
        await host.RunsAsync(Key);

        await SendAsync("acme/forks", 1, "synchronize", 2, sha: 2, fork: true, labels: ["safe"]);
        (await host.IsGoneAsync(Key))!.DeletedReason!.ShouldContain("newest commit, 000000000000");
    }

    [Fact]
    public async Task Limits_hold_and_whoever_waits_gets_the_place_of_one_that_is_closed()
    {
        for (var number = 1; number <= 3; number++)
        {
            await SendAsync("acme/few", number, "opened", 0);
            await SendAsync("acme/few-each", number, "opened", 0, author: number < 3 ? "carl" : "bert");
        }

        List<JsonNode> refused = [];
        await Wait.UntilAsync(async () =>
        {
            var list = await host.Viewer.GetAsync("/api/webhooks/deliveries?verdict=refused&limit=500");
            refused =
            [
                .. list.Json["deliveries"]!
                    .AsArray()
                    .Select(one => one!)
                    .Where(one => one.Text("reason").Contains("allows")),
            ];
            return refused.Count == 2;
        });
        refused.ShouldContain(one =>
            one.Text("reason").Contains("acme/few has 2 clusters for pull requests, and rule few allows 2")
        );
        refused.ShouldContain(one =>
            one.Text("reason").Contains("carl has 1 clusters for pull requests, and rule few-each allows 1")
        );
        await Wait.UntilAsync(async () => (await CountAsync("acme/few"), await CountAsync("acme/few-each")) == (2, 2));

        var waiting = refused.Single(one => one.Text("pull_request").Contains("acme/few#"));
        var number2 = Enumerable.Range(1, 3).First(n => waiting.Text("pull_request") != $"github:acme/few#{n}");
        await SendAsync("acme/few", number2, "closed", 1);
        await host.IsGoneAsync($"github:acme/few#{number2}");
        await Wait.UntilAsync(async () => (await host.PullAsync($"github:acme/few#{number2}"))!.ClusterName is null);
        await host.Editor.PostAsync($"/api/webhooks/deliveries/{waiting.Text("id")}/replay");
        await host.RunsAsync(waiting.Text("pull_request"));
    }

    [Fact]
    public async Task A_cluster_of_somebody_else_is_never_taken_over()
    {
        // Somebody knows the name that it is going to have.
        await SendAsync("acme/taken", 1, "opened", 0);
        var name = (await host.RunsAsync("github:acme/taken#1"))!.Name;
        await SendAsync("acme/taken", 1, "closed", 1);
        await host.IsGoneAsync("github:acme/taken#1");
        await Wait.UntilAsync(async () => (await host.PullAsync("github:acme/taken#1"))!.ClusterName is null);
        await host.Editor.CreateRunningAsync(name);

        var reopened = await SendAsync("acme/taken", 1, "reopened", 2);
        var shown = await host.DeliveryAsync(reopened, reason => reason.Contains("cannot be made"));
        (shown.Text("verdict"), shown.Text("reason")).ShouldBe(
            (
                "refused",
                $"Rule any: cluster {name} cannot be made: The namespace vcluster-{name} is not free: choose another one."
            )
        );

        await host.DeliveryAsync(await SendAsync("acme/taken", 1, "closed", 3));
        var others = (await host.Editor.GetAsync($"/api/clusters/{name}")).ShouldBe(200).Json;
        (others.Text("status"), others.Text("created_by")).ShouldBe(("Running", "editor"));
    }

    [Fact]
    public async Task A_cluster_that_somebody_deletes_comes_back_with_the_next_commit_only()
    {
        const string Key = "github:acme/deleted#1";
        var opened = await SendAsync("acme/deleted", 1, "opened", 0);
        var name = (await host.RunsAsync(Key))!.Name;
        (await host.Editor.DeleteAsync($"/api/clusters/{name}?wait=60")).ShouldBe(200);

        await host.DeliveryAsync(opened, reason => reason.Contains("was deleted by editor"));
        var labeled = await host.DeliveryAsync(await SendAsync("acme/deleted", 1, "labeled", 1, labels: ["x"]));
        labeled.Text("verdict").ShouldBe("accepted");
        (await host.PullAsync(Key))!.Ended.ShouldBeTrue();
        await SendAsync("acme/deleted", 1, "synchronize", 2, sha: 2);

        await host.RunsAsync(Key);
    }

    [Fact]
    public async Task A_lost_closed_is_found_out_by_asking_the_provider()
    {
        const string Key = "github:acme/lost#1";
        await SendAsync("acme/lost", 1, "opened", 0);
        await host.RunsAsync(Key);
        // What cannot be seen is not closed.
        await Wait.UntilAsync(() => host.Providers.Requests.Count(r => r.Contains("acme/lost/pulls/1")) > 1);
        (await host.PullAsync(Key))!.IsOpen.ShouldBeTrue();

        host.Providers.PullRequests["/github/repos/acme/lost/pulls/1"] = GitHubDeliveries.Of(
            "acme/lost",
            1,
            "closed",
            5
        )["pull_request"]!
            .DeepClone()
            .AsObject();

        await host.IsGoneAsync(Key);
    }

    private async Task<int> CountAsync(string repository) =>
        await host.Stores.ReadAsync(store =>
            store.Clusters.CountAsync(
                row => row.Owner!.StartsWith($"webhook/github:{repository}#") && row.DeletedAt == null,
                Cancellation
            )
        );

    private async Task<WebhookSender.Reply> SendAsync(
        string repository,
        int number,
        string action,
        double minute,
        int sha = 1,
        bool fork = false,
        bool draft = false,
        string[]? labels = null,
        string? label = null,
        string author = "anna"
    )
    {
        JsonObject body = GitHubDeliveries.Of(
            repository,
            number,
            action,
            minute,
            GitHubDeliveries.Sha(sha),
            fork,
            draft,
            labels,
            label,
            author
        );
        var reply = await host.Sender.SendAsync("github", "pull_request", body);
        reply.Status.ShouldBe(202, reply.Text);
        return reply;
    }
}
