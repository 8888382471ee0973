using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>Clusters come to their end in real time, whatever becomes of the server.</summary>
public sealed class ExpiryTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    private const string Ends = "vcluster-manager.io/expires-at";

    [Fact]
    public async Task A_server_that_is_killed_around_their_ends_has_each_cluster_deleted_once_and_none_early()
    {
        string[] names = ["end-1", "end-2", "end-3", "end-4", "end-5"];
        var server = await Fixture.StartServerAsync(("INSTANCE", "mortal"));
        var before = await HostInventory.TakeAsync(Host);
        foreach (var name in names)
        {
            await RunningAsync(server, name);
        }

        // No cluster may be made for less than an hour: its marks on the host say when it ends, and a database that was
        // lost is rebuilt from them.
        await server.StopAsync();
        var first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(40);
        for (var i = 0; i < names.Length; i++)
        {
            var end = (first + TimeSpan.FromSeconds(i)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
            string[] mark = ["annotate", "statefulset", names[i], "-n", $"vcluster-{names[i]}", "--overwrite"];
            await Host.RunAsync([.. mark, $"{Ends}={end}"]);
        }

        Directory.Delete(Path.Combine(server.Folder, "data"), recursive: true);
        await server.StartAsync();
        (await server.Api.GetAsync(names[^1])).ExpiresAt.ShouldNotBeNull().ShouldBeGreaterThan(first);
        await Eventually.SeesAsync(
            "the first ones are being deleted",
            () => GoingAsync(server, names),
            going => going.Count >= 2
        );
        await server.KillAsync();
        await server.StartAsync();

        foreach (var name in names)
        {
            await IsGoneAsync(server, new ClusterPlace(name));
        }

        foreach (var name in names)
        {
            var deletes = (await DeletesAsync(server)).Where(o => o.Cluster == name).ToList();
            var end = first + TimeSpan.FromSeconds(Array.IndexOf(names, name));
            deletes.ShouldHaveSingleItem().State.ShouldBe(OperationState.Succeeded);
            // Marks are in whole seconds.
            deletes[0].Created.ShouldBeGreaterThan(end - TimeSpan.FromSeconds(1));
        }

        await HostInventory.ShouldBeBackAsync(Host, before);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_cluster_that_sleeps_when_it_ends_is_deleted_without_being_woken()
    {
        var server = await Fixture.StartServerAsync(("INSTANCE", "asleep"));
        var place = await RunningAsync(server, "laid-down");
        var before = (await DeletesAsync(server)).Count;
        before.ShouldBe(0);
        (await server.SendAsync(HttpMethod.Post, "/api/clusters/laid-down/pause", wait: 60)).Body.ShouldNotBeNull();

        await server.StopAsync();
        var end = (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5)).UtcDateTime;
        string[] mark = ["annotate", "statefulset", place.Name, "-n", place.Namespace, "--overwrite"];
        await Host.RunAsync([.. mark, $"{Ends}={end:yyyy-MM-dd'T'HH:mm:ss'Z'}"]);
        Directory.Delete(Path.Combine(server.Folder, "data"), recursive: true);
        await server.StartAsync();

        await IsGoneAsync(server, place);
        var operations = await OperationsAsync(server);
        operations.Select(o => o.Kind).ShouldBe([OperationKind.Delete]);
        await server.StopAsync();
    }

    private static async Task<IReadOnlyList<Operation>> GoingAsync(ServerProcess server, string[] names) =>
        [.. (await DeletesAsync(server)).Where(o => names.Contains(o.Cluster))];

    private static async Task<IReadOnlyList<Operation>> DeletesAsync(ServerProcess server) =>
        [.. (await OperationsAsync(server)).Where(o => o.Kind == OperationKind.Delete)];

    private static async Task<IReadOnlyList<Operation>> OperationsAsync(ServerProcess server) =>
        (await server.Api.OperationsAsync()).Operations;
}
