using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>A server that dies without a word, and is started again: nothing is lost, and nothing is done twice.</summary>
public sealed class KilledServerTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    [Fact]
    public async Task Creates_that_a_killed_server_was_at_end_running_and_are_made_once()
    {
        var server = await Fixture.StartServerAsync();
        var (accepted, inTheCli, waiting) = (Place("new"), Place("cli"), Place("wait"));
        await using var slowCli = await Control.FaultAsync("cli-slow", "60", inTheCli);
        await using var slowStart = await Control.FaultAsync("slow-start", "60s", waiting);

        var waits = await CreateAsync(server, waiting);
        await IsAtAsync(server, waits, "ready");
        var runs = await CreateAsync(server, inTheCli);
        await Control.CliRunsAsync(inTheCli);
        var begins = await CreateAsync(server, accepted);
        await server.KillAsync();

        await slowCli.LiftAsync();
        await slowStart.LiftAsync();
        await server.StartAsync();
        foreach (var (place, operation) in new[] { (accepted, begins), (inTheCli, runs), (waiting, waits) })
        {
            (await EndsAsync(server, operation)).State.ShouldBe(OperationState.Succeeded);
            (await server.Api.GetAsync(place.Name)).Status.ShouldBe(ClusterStatus.Running);
            (await Control.CreatesAsync(place)).ShouldBe(1, place.Name);
            await HasOneReleaseAsync(place);
        }

        await server.StopAsync();
    }

    [Fact]
    public async Task A_create_whose_server_was_killed_while_helm_worked_is_repaired()
    {
        var server = await Fixture.StartServerAsync();
        var place = Place("torn");
        // Helm stops once it has written its release, which is its lock, and none of the objects.
        await using var hang = await Control.FaultAsync("cli-hang", "middle", place);
        var operation = await CreateAsync(server, place);
        await Eventually.SeesAsync(
            "helm has written its release",
            () => Control.RequestsAsync($"/namespaces/{place.Namespace}/secrets", "Helm", "POST"),
            writes => writes.Count > 0
        );

        await server.KillAsync();
        await hang.LiftAsync();
        await server.StartAsync();

        (await EndsAsync(server, operation)).State.ShouldBe(OperationState.Succeeded);
        (await server.Api.GetAsync(place.Name)).Status.ShouldBe(ClusterStatus.Running);
        (await Control.CreatesAsync(place)).ShouldBe(1);
        await HasOneReleaseAsync(place);
        (await server.Api.OperationLogAsync(operation)).ShouldContain("stuck in pending-install");
        await server.StopAsync();
    }

    [Fact]
    public async Task Deletes_that_a_killed_server_was_at_end_with_nothing_left()
    {
        var server = await Fixture.StartServerAsync();
        var before = await HostInventory.TakeAsync(Host);
        var (accepted, inTheCli, waiting) = (Place("old-new"), Place("old-cli"), Place("old-wait"));
        await using var held = await Control.FaultAsync("stuck-finalizer", "", waiting);
        foreach (var place in new[] { accepted, inTheCli, waiting })
        {
            await server.Api.CreateAsync(new ClusterCreate { Name = place.Name });
        }

        foreach (var place in new[] { accepted, inTheCli, waiting })
        {
            await BecomesAsync(server, place, ClusterStatus.Running);
        }

        var waits = await server.Api.DeleteAsync(waiting.Name);
        await IsAtAsync(server, waits.Id, "clean up");
        await using var slowCli = await Control.FaultAsync("cli-slow", "60", inTheCli);
        var ran = (await Control.ToolRequestsAsync(inTheCli)).Count;
        var runs = await server.Api.DeleteAsync(inTheCli.Name);
        await Eventually.SeesAsync(
            "the CLI runs",
            () => Control.ToolRequestsAsync(inTheCli),
            requests => requests.Count > ran
        );
        var begins = await server.Api.DeleteAsync(accepted.Name);
        await server.KillAsync();

        await slowCli.LiftAsync();
        await held.LiftAsync();
        await server.StartAsync();
        foreach (var operation in new[] { begins, runs, waits })
        {
            (await EndsAsync(server, operation.Id)).State.ShouldBe(OperationState.Succeeded);
            await IsGoneAsync(server, new ClusterPlace(operation.Cluster));
        }

        await HostInventory.ShouldBeBackAsync(Host, before);
        await server.StopAsync();
    }

    private static ClusterPlace Place(string name) => new($"killed-{name}");

    private static async Task<string> CreateAsync(ServerProcess server, ClusterPlace place) =>
        (await server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;

    private static Task IsAtAsync(ServerProcess server, string operation, string step) =>
        Eventually.SeesAsync(
            $"the operation waits at {step}",
            () => server.Api.OperationAsync(operation),
            seen => seen.Steps.Any(s => s.Name == step && s.State == OperationState.Running)
        );

    private async Task HasOneReleaseAsync(ClusterPlace place)
    {
        var releases = await Host.ListAsync("secrets", place.Namespace, "owner=helm");
        var labels = releases.ShouldHaveSingleItem(place.Name)["metadata"]!["labels"]!;
        ((string?)labels["status"]).ShouldBe("deployed");
        ((string?)labels["version"]).ShouldBe("1");
    }
}
