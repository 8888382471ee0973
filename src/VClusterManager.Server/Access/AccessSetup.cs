using VClusterManager.Server.Access.Kubeconfigs;
using VClusterManager.Server.Access.Proxy;
using VClusterManager.Server.Access.Tokens;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access;

/// <summary>How people get into virtual clusters: kubeconfigs, their tokens, and the proxy behind them.</summary>
internal static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KnownClusterTokens>();
        services.AddSingleton<ClusterTokens>();
        services.AddSingleton<CredentialCheck>(s => s.GetRequiredService<KnownClusterTokens>().CheckAsync);
        services.AddSingleton<CredentialsChanged>(s => s.GetRequiredService<KnownClusterTokens>().LookAsync);
        services.AddSingleton<DirectKubeconfig>();
        services.AddSingleton<KubeconfigRequests>();
        services.AddSingleton<KubeconfigSource>(s => s.GetRequiredService<KubeconfigRequests>().ForAsync);
        services.AddSingleton<SleepingClusters>();
        services.AddSingleton<ClusterActivity>();
        services.AddHostedService(s => s.GetRequiredService<ClusterActivity>());
        services.AddSingleton<LastUse>(s => s.GetRequiredService<ClusterActivity>().Use);
        services.AddSingleton<ClusterClients>();
        services.AddSingleton<ViewerBinding>();
        services.AddSingleton<StreamLimit>();
        services.AddSingleton<ProxyRequests>();
        services.AddHttpForwarder();
        services.AddHostedService<AccessSweep>();
        return services;
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapKubeconfigs().MapClusterTokens().MapProxy();
}
