using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes.Reaching;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Kubernetes;

internal static class KubernetesRegistration
{
    public static IServiceCollection AddKubernetes(this IServiceCollection services) =>
        services
            .AddMetrics()
            .AddSingleton(s => new HostConfiguration(s.GetRequiredService<ManagerOptions>().Kubernetes))
            .AddSingleton<HostClock>()
            .AddSingleton<HostConnection>()
            .AddSingleton<HostApi>()
            .AddSingleton<HostView>()
            .AddSingleton<HostReads>()
            .AddSingleton<HostRights>()
            .AddSingleton<HostWrites>()
            .AddSingleton<HostLeases>()
            .AddSingleton<ClusterDial>()
            .AddSingleton<IGauges, HostGauges>()
            .AddHostedService<HostWatcher>();
}
