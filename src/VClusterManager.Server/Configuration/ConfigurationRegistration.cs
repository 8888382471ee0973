namespace VClusterManager.Server.Configuration;

internal static class ConfigurationRegistration
{
    /// <summary>Each room asks for its own section; all of them are immutable.</summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services, ManagerOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton(options.Server)
            .AddSingleton(options.Auth)
            .AddSingleton(options.VCluster)
            .AddSingleton(options.Kubernetes)
            .AddSingleton(options.Processes)
            .AddSingleton(options.Database)
            .AddSingleton(options.DynamicEndpoints)
            .AddSingleton(options.Access)
            .AddSingleton(options.Webhooks)
            .AddSingleton(options.Observability);
}
