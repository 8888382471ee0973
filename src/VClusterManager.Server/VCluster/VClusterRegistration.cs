using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

internal static class VClusterRegistration
{
    public static IServiceCollection AddVCluster(this IServiceCollection services) =>
        services
            .AddSingleton(s => new KubernetesVersions(Options(s)))
            .AddSingleton(s => new ToolLocations(Options(s)))
            .AddSingleton<ToolState>()
            .AddHostedService<ToolProbe>()
            .AddSingleton(s => new VClusterCli(
                s.GetRequiredService<ToolRunner>(),
                s.GetRequiredService<ToolLocations>(),
                s.GetRequiredService<HostConfiguration>(),
                Options(s)
            ));

    private static VClusterOptions Options(IServiceProvider services) =>
        services.GetRequiredService<ManagerOptions>().VCluster;
}
