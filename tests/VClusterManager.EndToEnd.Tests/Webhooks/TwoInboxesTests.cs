using System.Security.Cryptography;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Webhooks;

/// <summary>Redelivery, disorder and death, with two servers on one PostgreSQL.</summary>
public sealed class TwoInboxesTests(HostFixture fixture, PostgresServer postgres)
    : EndToEndTest(fixture),
        IClassFixture<HostFixture>
{
    // One host for all: each test has a repository of its own, and so names of its own.
    private const string Key = "github:acme/ten#1";

    [Fact]
    public async Task The_same_delivery_ten_times_through_two_servers_makes_one_cluster_and_one_comment()
    {
        await using ProviderStandIn providers = new();
        var (one, other) = await StartTwoAsync(providers);
        using var toOne = WebhookServers.SenderTo(one);
        using var toOther = WebhookServers.SenderTo(other);
        var body = GitHubDeliveries.Of("acme/ten", 1, "opened", 0);
        var id = Guid.NewGuid().ToString();

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i => (i % 2 == 0 ? toOne : toOther).SendAsync("github", "pull_request", body, id))
        );

        replies.ShouldAllBe(reply => reply.Status == 202);
        replies.Select(reply => reply.Text).Distinct().ShouldHaveSingleItem();
        (await one.Api.DeliveriesAsync()).Total.ShouldBe(1);
        var cluster = await RunsAsync(one, Key);
        (await Control.CreatesAsync(new ClusterPlace(cluster.Name))).ShouldBe(1);
        await Eventually.HoldsAsync(
            "the comment says that it runs",
            () => providers.Comments.Count > 0 && providers.Comments[0].Text.Contains("is running")
        );
        providers.Comments.Count.ShouldBe(1);
        await StopAsync(one, other);
    }

    [Fact]
    public async Task Every_order_of_a_story_ends_in_the_state_of_the_newest()
    {
        await using ProviderStandIn providers = new();
        var (one, other) = await StartTwoAsync(providers);
        using var toOne = WebhookServers.SenderTo(one);
        using var toOther = WebhookServers.SenderTo(other);
        string[] story = ["opened", "synchronize", "closed", "reopened"];
        // The whole story ends open; without its last part it ends closed.
        var orders = Permutations([0, 1, 2, 3]).Concat(Permutations([0, 1, 2])).ToList();
        await Task.WhenAll(
            orders.Select(
                async (order, i) =>
                {
                    foreach (var part in order)
                    {
                        var body = GitHubDeliveries.Of("acme/orders", i + 1, story[part], part, Sha(part));
                        var sender = (part + i) % 2 == 0 ? toOne : toOther;
                        (await sender.SendAsync("github", "pull_request", body)).Status.ShouldBe(202);
                    }
                }
            )
        );

        await Eventually.SeesAsync(
            "those that end open have a cluster, and the others have none",
            async () =>
            {
                var clusters = (await one.Api.ListAsync("source=pull_request&limit=500")).Clusters;
                var pending = (await one.Api.DeliveriesAsync("verdict=pending")).Total;
                return $"{pending}: {string.Join(" ", clusters.Select(c => c.CreatedBy!.Split('#')[1]).Order())}";
            },
            seen =>
                seen
                == $"0: {string.Join(" ", Enumerable.Range(0, orders.Count).Where(i => orders[i].Length == 4).Select(i => $"{i + 1}").Order())}",
            TimeSpan.FromMinutes(8)
        );
        await StopAsync(one, other);
    }

    [Fact]
    public async Task What_was_answered_before_a_kill_is_done_after_it()
    {
        await using ProviderStandIn providers = new();
        var (one, other) = await StartTwoAsync(providers);
        await other.StopAsync();
        using var sender = WebhookServers.SenderTo(one);
        var answered = new System.Collections.Concurrent.ConcurrentBag<int>();

        var sending = Enumerable
            .Range(1, 40)
            .Select(async number =>
            {
                try
                {
                    var body = GitHubDeliveries.Of("acme/killed", number, "opened", 0);
                    if ((await sender.SendAsync("github", "pull_request", body)).Status == 202)
                    {
                        answered.Add(number);
                    }
                }
                catch (HttpRequestException)
                {
                    // Killed before it answered: the provider knows that it was not taken.
                }
            })
            .ToList();
        await Eventually.HoldsAsync("some are answered", () => answered.Count > RandomNumberGenerator.GetInt32(1, 30));
        await one.KillAsync();
        await Task.WhenAll(sending);
        await other.StartAsync();

        await Eventually.SeesAsync(
            "all that were answered have their cluster",
            async () =>
                (await other.Api.ListAsync("source=pull_request&limit=500"))
                    .Clusters.Select(c => c.CreatedBy)
                    .ToHashSet(),
            seen => answered.All(number => seen.Contains($"github:acme/killed#{number}")),
            TimeSpan.FromMinutes(2)
        );
        await other.StopAsync();
    }

    private static string Sha(int part) => GitHubDeliveries.Sha(part == 0 ? 1 : 2);

    private static IEnumerable<int[]> Permutations(int[] all) =>
        all.Length <= 1
            ? [all]
            : all.SelectMany(first =>
                Permutations([.. all.Where(other => other != first)]).Select(rest => (int[])[first, .. rest])
            );

    private static Task<Cluster> RunsAsync(ServerProcess server, string key) =>
        Eventually.SeesAsync(
            $"{key} has a cluster that runs",
            async () =>
                (await server.Api.ListAsync($"created_by={Uri.EscapeDataString(key)}")).Clusters.SingleOrDefault()!,
            seen => seen?.Status == ClusterStatus.Running
        );

    private async Task<(ServerProcess One, ServerProcess Other)> StartTwoAsync(ProviderStandIn providers)
    {
        var url = PostgresServer.AddressOf(await postgres.CreateDatabaseAsync());
        (string, string)[] all = [("DATABASE_URL", url), .. WebhookServers.Settings(providers)];
        return (await Fixture.StartServerAsync(all), await Fixture.StartServerAsync(all));
    }

    private static async Task StopAsync(ServerProcess one, ServerProcess other)
    {
        await one.StopAsync();
        await other.StopAsync();
    }
}
