using System.Net;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

public sealed class DeleteDuringCreateTests(ServerFixture fixture) : ServerTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Deleting_while_the_cli_runs_cancels_the_create_and_leaves_nothing()
    {
        var place = new ClusterPlace("regretted");
        await using var slow = await Control.FaultAsync("cli-slow", "120", place);
        var before = await HostInventory.TakeAsync(Host);
        var create = await CreateAsync(place);
        await Control.CliRunsAsync(place);
        ProcessTable.ToolsOf(Server).ShouldNotBeEmpty();

        await DeletedAsync(place, create);

        ProcessTable.ToolsOf(Server).ShouldBeEmpty();
        await HostInventory.ShouldBeBackAsync(Host, before);
    }

    [Fact]
    public async Task Deleting_while_the_create_waits_for_ready_cancels_it_and_leaves_nothing()
    {
        var place = new ClusterPlace("impatient");
        await using var slow = await Control.FaultAsync("slow-start", "120s", place);
        var before = await HostInventory.TakeAsync(Host);
        var create = await CreateAsync(place);
        await SeesAsync(Server, place, "it waits for ready", seen => seen.Operation?.Step == "ready");

        await DeletedAsync(place, create);

        await HostInventory.ShouldBeBackAsync(Host, before);
    }

    private async Task<string> CreateAsync(ClusterPlace place) =>
        (await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;

    private async Task DeletedAsync(ClusterPlace place, string create)
    {
        var deleted = await Server.SendAsync(HttpMethod.Delete, $"/api/clusters/{place.Name}?wait=60");

        deleted.Status.ShouldBe(HttpStatusCode.OK);
        ((string?)deleted.Body!["state"]).ShouldBe("succeeded");
        (await Server.Api.OperationAsync(create)).State.ShouldBe(OperationState.Cancelled);
        (await Server.SendAsync(HttpMethod.Get, $"/api/clusters/{place.Name}")).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
    }
}
