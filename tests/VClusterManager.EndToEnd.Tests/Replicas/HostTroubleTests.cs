using System.Net;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Replicas;

/// <summary>
/// The host's API is away, slow or silent under two servers while a create and a delete go on: nothing is given up,
/// nothing is taken for gone, and all ends well when it is over.
/// </summary>
public sealed class HostTroubleTests(HostFixture fixture, PostgresServer postgres)
    : EndToEndTest(fixture),
        IClassFixture<HostFixture>
{
    // What the slow host has not done meanwhile is done after it.
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("api-away", "refuse", 20)]
    [InlineData("api-latency", "2s", 20)]
    [InlineData("silent-watch", "", 60)]
    public async Task Two_servers_endure_a_host_in_trouble(string fault, string value, int seconds)
    {
        var (one, other) = await StartTwoAsync();
        var staying = await RunningAsync(one, $"stays-{fault}");
        var leaving = await RunningAsync(other, $"leaves-{fault}");
        var coming = new ClusterPlace($"comes-{fault}");

        await using var trouble = await Control.FaultAsync(fault, value);
        var delete = await other.SendAsync(HttpMethod.Delete, $"/api/clusters/{leaving.Name}");
        delete.Status.ShouldBe(HttpStatusCode.Accepted);
        var create = await one.Api.CreateAsync(new ClusterCreate { Name = coming.Name });
        await Eventually.SeesAsync(
            "the one hears of the delete",
            async () => (await one.Api.ListAsync()).Clusters.SingleOrDefault(c => c.Name == leaving.Name)?.Status,
            status => status is null or ClusterStatus.Deleting
        );
        await Eventually.AlwaysAsync(
            TimeSpan.FromSeconds(seconds),
            async () =>
            {
                await NothingIsGivenUpAsync(one, staying, leaving, coming);
                await NothingIsGivenUpAsync(other, staying, leaving, coming);
            }
        );
        await trouble.LiftAsync();

        foreach (var server in new[] { one, other })
        {
            await SeesAsync(server, staying, "it runs", seen => seen.Status == ClusterStatus.Running, Afterwards);
            await SeesAsync(server, coming, "it runs too", seen => seen.Status == ClusterStatus.Running, Afterwards);
            await IsGoneAsync(server, leaving);
        }
        (await EndsAsync(one, (string)delete.Body!["id"]!)).State.ShouldBe(OperationState.Succeeded);
        (await EndsAsync(other, create.Operation!.Id)).State.ShouldBe(OperationState.Succeeded);
        (await Control.CreatesAsync(staying)).ShouldBe(1);
        (await Control.CreatesAsync(coming)).ShouldBe(1);
        (await Control.RequestsAsync($"/namespaces/{staying.Namespace}", method: "DELETE")).ShouldBeEmpty();
        await one.StopAsync();
        await other.StopAsync();
    }

    private static async Task NothingIsGivenUpAsync(
        ServerProcess server,
        ClusterPlace staying,
        ClusterPlace leaving,
        ClusterPlace coming
    )
    {
        var list = (await server.Api.ListAsync()).Clusters.ToDictionary(cluster => cluster.Name);
        list[staying.Name].Status.ShouldBeOneOf(ClusterStatus.Running, ClusterStatus.Unknown);
        // Its delete may come to its end meanwhile.
        list.GetValueOrDefault(leaving.Name)?.Status.ShouldBe(ClusterStatus.Deleting);
        // The other server hears of it a moment later.
        list.GetValueOrDefault(coming.Name)?.Status.ShouldNotBe(ClusterStatus.Failed);
    }

    private async Task<(ServerProcess One, ServerProcess Other)> StartTwoAsync()
    {
        var database = ("DATABASE_URL", PostgresServer.AddressOf(await postgres.CreateDatabaseAsync()));
        return (await Fixture.StartServerAsync(database), await Fixture.StartServerAsync(database));
    }
}
