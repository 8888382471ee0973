using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Replicas;

/// <summary>Two servers share a PostgreSQL: either is as good as the other.</summary>
public sealed class TwoServersTests(HostFixture fixture, PostgresServer postgres)
    : EndToEndTest(fixture),
        IClassFixture<HostFixture>
{
    // The promise is a second; a busy machine gets more.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_name_that_is_asked_for_through_two_servers_at_once_is_given_once()
    {
        var (one, other) = await StartTwoAsync();

        for (var round = 0; round < 10; round++)
        {
            var body = new JsonObject { ["name"] = $"race-{round}" };
            var answers = await Task.WhenAll(
                one.SendAsync(HttpMethod.Post, "/api/clusters", body.DeepClone()),
                other.SendAsync(HttpMethod.Post, "/api/clusters", body.DeepClone())
            );

            answers
                .Select(answer => answer.Status)
                .ShouldBe([HttpStatusCode.Accepted, HttpStatusCode.Conflict], ignoreOrder: true, $"round {round}");
        }
        await StopAsync(one, other);
    }

    [Fact]
    public async Task Two_servers_that_accept_at_once_keep_to_the_greatest_number_of_clusters()
    {
        var (one, other) = await StartTwoAsync(("VCM__VCLUSTER__MAX_CLUSTERS", "3"));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    (i % 2 == 0 ? one : other).SendAsync(
                        HttpMethod.Post,
                        "/api/clusters",
                        new JsonObject { ["name"] = $"crowd-{i}" }
                    )
                )
        );

        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(3);
        answers
            .Where(answer => answer.Status != HttpStatusCode.Accepted)
            .ShouldAllBe(answer => answer.Status == HttpStatusCode.Conflict && answer.Detail.Contains("max_clusters"));
        await StopAsync(one, other);
    }

    [Fact]
    public async Task What_one_server_does_the_other_shows_and_goes_on_with()
    {
        var (one, other) = await StartTwoAsync();

        var place = await RunningAsync(one, "shared");
        // A name that memory does not know yet is asked of the database.
        (await other.Api.GetAsync(place.Name)).Id.ShouldNotBeEmpty();
        await SeesAsync(other, place, "the other shows it running", c => c.Status == ClusterStatus.Running, Soon);
        await one.Api.PatchAsync(place.Name, JsonNode.Parse("""{"labels":{"team":"a"}}""")!.AsObject());
        (await one.Api.GetAsync(place.Name)).Labels["team"].ShouldBe("a", "a server reads its own writes");
        await Eventually.SeesAsync(
            "the other lists what has changed",
            async () => (await other.Api.ListAsync("label_selector=team%3Da")).Total,
            total => total == 1,
            Soon
        );
        await other.Api.DeleteAsync(place.Name, Wait);
        await Eventually.SeesAsync(
            "the one lists it no more",
            async () => (await one.Api.ListAsync("q=shared")).Total,
            total => total == 0,
            Soon
        );
        await StopAsync(one, other);
    }

    [Fact]
    public async Task A_server_that_is_asked_to_stop_lets_its_tool_end_and_leaves_the_rest_to_the_other()
    {
        var (one, other) = await StartTwoAsync();
        var place = new ClusterPlace("drained");
        await using var slow = await Control.FaultAsync("cli-slow", "3", place);
        await other.StopAsync();
        var operation = (await one.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;
        await Control.CliRunsAsync(place);
        await other.StartAsync();

        var code = await one.TerminateAsync();

        code.ShouldBe(0);
        (await EndsAsync(other, operation)).State.ShouldBe(OperationState.Succeeded);
        (await Control.CreatesAsync(place)).ShouldBe(1);
        (await other.Api.OperationLogAsync(operation))
            .Split('\n')
            .Count(line => line.Contains("Runs vcluster create"))
            .ShouldBe(1);
        await other.StopAsync();
    }

    private async Task<(ServerProcess One, ServerProcess Other)> StartTwoAsync(params (string, string)[] settings)
    {
        var url = PostgresServer.AddressOf(await postgres.CreateDatabaseAsync());
        (string, string)[] all = [("DATABASE_URL", url), .. settings];
        var one = await Fixture.StartServerAsync(all);
        var other = await Fixture.StartServerAsync(all);
        return (one, other);
    }

    private static async Task StopAsync(ServerProcess one, ServerProcess other)
    {
        await one.StopAsync();
        await other.StopAsync();
    }
}
