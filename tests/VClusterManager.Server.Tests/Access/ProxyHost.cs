using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.Access;

/// <summary>A manager with two clusters that are there.</summary>
public sealed class ProxyHost : ManagerHost
{
    internal const string In = "/k8s/vcluster-inner/inner";
    internal const string ConfigMaps = In + "/api/v1/namespaces/default/configmaps";
    internal const string Pods = In + "/api/v1/namespaces/default/pods";

    private protected override ManagerOptions Configure(ManagerOptions options) =>
        options with
        {
            Access = options.Access with { MaxStreams = 3 },
        };

    private protected override async Task StartedAsync()
    {
        await Editor.CreateRunningAsync("inner");
        await Editor.CreateRunningAsync("outer");
    }

    /// <summary>A pod that runs in the cluster <c>inner</c>.</summary>
    internal async Task PodAsync(string name)
    {
        var pod = new
        {
            metadata = new { name },
            spec = new { containers = new[] { new { name = "c", image = "i" } } },
        };
        (await Editor.PostAsync(Pods, pod)).ShouldBe(201);
        await Wait.UntilAsync(async () =>
            (await Editor.GetAsync($"{Pods}/{name}")).Json["status"]?["phase"]?.GetValue<string>() == "Running"
        );
    }

    /// <summary>A ConfigMap in the cluster <c>inner</c>, made through the proxy.</summary>
    internal Task<Answer> MakeAsync(string name, object data, object? labels = null) =>
        Editor.PostAsync(
            ConfigMaps,
            new
            {
                apiVersion = "v1",
                kind = "ConfigMap",
                metadata = new { name, labels },
                data,
            }
        );
}
