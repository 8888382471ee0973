using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_host_goes_on_where_it_ended_with_its_clusters_and_their_users()
    {
        var options = new EmulatedHostOptions { DataDirectory = _folder.FullName };
        string kubeconfig;
        string version;
        Uri url;
        await using (var first = await FreshHost.StartAsync(options))
        {
            url = first.Sandbox.Host.Url;
            await first.Sandbox.InstallAsync("kept", "demo");
            kubeconfig = await first.Sandbox.KubeconfigAsync("kept", "demo");
            using var inside = SandboxHost.ClientFor(kubeconfig);
            await inside.PostJsonAsync("/api/v1/namespaces", """{"metadata":{"name":"inside"}}""");
            version = (await first.Sandbox.Admin.GetJsonAsync("/api/v1/namespaces/kept")).Text(
                "metadata",
                "resourceVersion"
            )!;
        }

        await using var second = await FreshHost.StartAsync(options);
        second.Sandbox.Host.Url.ShouldBe(url);
        (await second.Sandbox.Admin.GetJsonAsync("/api/v1/namespaces/kept"))
            .Text("metadata", "resourceVersion")
            .ShouldBe(version);
        (await second.Sandbox.KubeconfigAsync("kept", "demo")).ShouldBe(kubeconfig);
        using var again = SandboxHost.ClientFor(kubeconfig);
        (await SandboxHost.EventuallyAsync(again, "/api/v1/namespaces/inside", _ => true))
            .Text("kind")
            .ShouldBe("Namespace");
    }
}
