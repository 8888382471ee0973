using VClusterManager.Server.Operations.Events;

namespace VClusterManager.Server.Operations;

internal static class OperationsSetup
{
    /// <summary>What is going on: lists, histories, logs, the stream of changes.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<OperationReads>();
        services.AddSingleton<OperationLogStream>();
        services.AddSingleton<EventFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<EventFeed>());
        services.AddSingleton<EventStream>();
        return services;
    }
}
