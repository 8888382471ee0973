using System.Net;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>The host's API is away for a while: what is unknown is shown as unknown, and nothing is given up.</summary>
public sealed class HostAwayTests(ServerFixture fixture) : ServerTest(fixture), IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    // Reads never wait for the host. Generous, for a machine that is busy.
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("refuse")]
    [InlineData("503")]
    public async Task While_the_host_is_away_nothing_is_declared_gone_and_afterwards_all_ends_well(string how)
    {
        var running = await RunningAsync(Server, $"stays-{how}");
        var leaving = await RunningAsync(Server, $"leaves-{how}");
        var coming = new ClusterPlace($"comes-{how}");

        var away = await Control.FaultAsync("api-away", how);
        var delete = await Server.SendAsync(HttpMethod.Delete, $"/api/clusters/{leaving.Name}");
        var create = await Server.Api.CreateAsync(new ClusterCreate { Name = coming.Name });
        delete.Status.ShouldBe(HttpStatusCode.Accepted);
        var wasUnknown = false;
        await Eventually.AlwaysAsync(
            Outage,
            async () => wasUnknown |= await NothingIsGivenUpAsync(running, leaving, coming)
        );
        wasUnknown.ShouldBeTrue();
        (await Server.Api.GetAsync(running.Name)).Message.ShouldContain("Last known: Running");
        await away.LiftAsync();

        await BecomesAsync(Server, running, ClusterStatus.Running);
        await BecomesAsync(Server, coming, ClusterStatus.Running);
        await IsGoneAsync(Server, leaving);
        (await EndsAsync(Server, (string)delete.Body!["id"]!)).State.ShouldBe(OperationState.Succeeded);
        (await EndsAsync(Server, create.Operation!.Id)).State.ShouldBe(OperationState.Succeeded);
        (await Control.CreatesAsync(coming)).ShouldBe(1);
    }

    /// <summary>Whether the running one is shown as unknown yet.</summary>
    private async Task<bool> NothingIsGivenUpAsync(ClusterPlace running, ClusterPlace leaving, ClusterPlace coming)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var list = await Server.Api.ListAsync();
        TimeProvider.System.GetElapsedTime(asked).ShouldBeLessThan(QuickAnswer);
        Cluster Of(ClusterPlace place) => list.Clusters.Single(cluster => cluster.Name == place.Name);
        Of(running).Status.ShouldBeOneOf(ClusterStatus.Running, ClusterStatus.Unknown);
        Of(leaving).Status.ShouldBe(ClusterStatus.Deleting);
        Of(coming).Status.ShouldBeOneOf(ClusterStatus.Pending, ClusterStatus.Provisioning);
        return Of(running).Status == ClusterStatus.Unknown;
    }
}
