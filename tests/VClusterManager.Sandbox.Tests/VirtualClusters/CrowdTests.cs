using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.VirtualClusters;

public sealed class CrowdTests
{
    private const int Clusters = 100;

    [Fact]
    public async Task Many_clusters_stand_on_one_host_and_only_those_come_to_life_to_which_someone_connects()
    {
        await using var own = await FreshHost.StartAsync();
        await Parallel.ForAsync(
            0,
            Clusters,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await own.Sandbox.InstallAsync($"crowd-{i}", "demo")
        );
        await SandboxHost.EventuallyAsync(
            own.Sandbox.Admin,
            "/apis/apps/v1/statefulsets",
            sets => sets["items"]!.AsArray().Count(set => set.Text("status", "readyReplicas") == "1") == Clusters
        );

        using var inside = SandboxHost.ClientFor(await own.Sandbox.KubeconfigAsync("crowd-7", "demo"));
        (await inside.GetJsonAsync("/version")).Text("major").ShouldBe("1");

        own.Sandbox.Host.Fleet.All.Count.ShouldBe(Clusters);
        own.Sandbox.Host.Fleet.All.Count(cluster => cluster.StoreVersion > 0).ShouldBe(1);
    }
}
