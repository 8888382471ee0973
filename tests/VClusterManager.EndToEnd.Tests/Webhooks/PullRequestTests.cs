using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Webhooks;

/// <summary>Recorded deliveries of each provider, signed, through the door: a cluster comes, and goes.</summary>
public sealed class PullRequestTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    public static TheoryData<string> Providers => ["github", "bitbucket", "bitbucket_server", "gitlab"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_pull_request_gets_a_cluster_and_closing_it_takes_it_away(string provider)
    {
        await using ProviderStandIn providers = new();
        var server = await Fixture.StartServerAsync(WebhookServers.Settings(providers));
        using var sender = WebhookServers.SenderTo(server);
        var story = StoryOf(provider);

        (await sender.SendAsync(provider, story.OpenedEvent, story.Opened)).Status.ShouldBe(202);

        var cluster = await Eventually.SeesAsync(
            "the pull request has a cluster that runs",
            async () => (await server.Api.ListAsync("source=pull_request")).Clusters.SingleOrDefault(),
            seen => seen?.Status == ClusterStatus.Running
        );
        cluster!.CreatedBy.ShouldBe(story.Key);
        cluster.Labels["for"].ShouldBe(story.For);
        cluster.Labels["vcluster-manager.io/pull-request"].ShouldBe(story.Key.Split('#')[1]);
        cluster.ExpiresAt.ShouldBe(cluster.Created.AddHours(6));
        await Eventually.HoldsAsync(
            "the comment says that it runs",
            () => providers.Comments is [var one] && one.Text.Contains($"Cluster `{cluster.Name}` is running")
        );
        providers.Comments[0].Text.ShouldContain("https://vcm.example.com/api/clusters/");
        await Eventually.HoldsAsync(
            "the commit is told",
            () => providers.Statuses.LastOrDefault()?.State is "SUCCESS" or "SUCCESSFUL"
        );
        providers.Statuses.ShouldAllBe(status => status.Place.Contains(story.Sha));

        (await sender.SendAsync(provider, story.ClosedEvent, story.Closed)).Status.ShouldBe(202);

        await IsGoneAsync(server, new ClusterPlace(cluster.Name));
        await Eventually.HoldsAsync("the comment says so", () => providers.Comments[0].Text.Contains("is gone"));
        providers.Comments.Count.ShouldBe(1);
        var deliveries = await server.Api.DeliveriesAsync("verdict=accepted");
        deliveries.Total.ShouldBe(2);
        await server.StopAsync();
        server.Output.ShouldNotContain(ProviderStandIn.Token);
        server.Output.ShouldNotContain(WebhookServers.Secret);
    }

    private sealed record Story(
        string Key,
        string For,
        string Sha,
        string OpenedEvent,
        byte[] Opened,
        string ClosedEvent,
        byte[] Closed
    );

    private static Story StoryOf(string provider) =>
        provider switch
        {
            "github" => new(
                "github:codertocat/hello-world#2",
                "Hello-World-2",
                "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
                "pull_request",
                Body(provider, "pull_request.opened.json"),
                "pull_request",
                Body(provider, "pull_request.closed.json")
            ),
            // Both tell of the same moment, as Bitbucket does.
            "bitbucket" => new(
                "bitbucket:team_name/repo_name#1",
                "repo_name-1",
                "d3022fc0ca3d",
                "pullrequest:created",
                Body(provider, "pullrequest-created.json"),
                "pullrequest:fulfilled",
                Body(provider, "pullrequest-merged.json")
            ),
            "bitbucket_server" => new(
                "bitbucket_server:~gopher/webhook-test#5",
                "webhook-test-5",
                "32a0b8a740c2963c6f56bd8baf3dc05683d299e0",
                "pr:opened",
                Body(provider, "pr-opened.json"),
                "pr:merged",
                Body(provider, "pr-merged.json")
            ),
            _ => new(
                "gitlab:gitlabhq/gitlab-test#1",
                "gitlab-test-1",
                "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
                "Merge Request Hook",
                Body(provider, "merge-request-event.json"),
                "Merge Request Hook",
                Merged()
            ),
        };

    private static byte[] Body(string provider, string file) =>
        Recorded.Of(provider).Single(body => body.File == file).Bytes;

    /// <summary>Only one delivery of GitLab is recorded: the same merge request, later.</summary>
    private static byte[] Merged()
    {
        JsonObject body = Recorded.Json("gitlab", "merge-request-event.json");
        var merge = body["object_attributes"]!;
        merge["action"] = "merge";
        merge["state"] = "merged";
        merge["updated_at"] = "2013-12-04 17:23:34 UTC";
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
