using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Storage;

public sealed class PostgresTests(HostFixture fixture, PostgresServer postgres)
    : EndToEndTest(fixture),
        IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_whole_way_of_a_cluster_works_on_PostgreSQL()
    {
        var server = await Fixture.StartServerAsync(("DATABASE_URL", await DatabaseUrlAsync()));
        var before = await HostInventory.TakeAsync(Host);

        var place = await RunningAsync(server, "durable");
        var inside = await server.InsideAsync(place);
        await inside.RunAsync("create", "configmap", "kept", "--from-literal=a=b");

        var values = """{"values":{"controlPlane":{"statefulSet":{"resources":{"limits":{"memory":"303Mi"}}}}}}""";
        var patched = await server.Api.PatchAsync(place.Name, JsonNode.Parse(values)!.AsObject(), Wait);
        patched.Status.ShouldBe(ClusterStatus.Running);
        patched.ObservedGeneration.ShouldBe(2);

        (await server.Api.DoAsync(place.Name, "pause", Wait)).Status.ShouldBe(ClusterStatus.Sleeping);
        await server.KillAsync();
        await server.StartAsync();
        await BecomesAsync(server, place, ClusterStatus.Sleeping);
        (await server.Api.DoAsync(place.Name, "resume", Wait)).Status.ShouldBe(ClusterStatus.Running);
        await (await server.InsideAsync(place)).RunAsync("get", "configmap", "kept");

        (await server.Api.DeleteAsync(place.Name, Wait)).State.ShouldBe(OperationState.Succeeded);
        await IsGoneAsync(server, place);
        await HostInventory.ShouldBeBackAsync(Host, before);
        await server.StopAsync();
    }

    [Fact]
    public async Task What_a_killed_server_was_at_another_one_on_the_same_database_carries_on()
    {
        var database = await DatabaseUrlAsync();
        var first = await Fixture.StartServerAsync(("DATABASE_URL", database));
        var place = new ClusterPlace("inherited");
        await using var slow = await Control.FaultAsync("cli-slow", "120", place);
        var create = (await first.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;
        await Control.CliRunsAsync(place);
        var second = await Fixture.StartServerAsync(("DATABASE_URL", database));
        (await second.Api.GetAsync(place.Name)).Status.ShouldBe(ClusterStatus.Provisioning);

        await first.KillAsync();
        await slow.LiftAsync();

        (await EndsAsync(second, create)).State.ShouldBe(OperationState.Succeeded);
        (await second.Api.GetAsync(place.Name)).Status.ShouldBe(ClusterStatus.Running);
        (await Control.CreatesAsync(place)).ShouldBe(1);
        await second.StopAsync();
    }

    /// <summary>An empty database, as an address.</summary>
    private async Task<string> DatabaseUrlAsync() => PostgresServer.AddressOf(await postgres.CreateDatabaseAsync());
}
