using Microsoft.Extensions.DependencyInjection.Extensions;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

internal static class StorageSetup
{
    /// <summary>The database, prepared as the server starts. Needs <see cref="ManagerOptions"/> and touches nothing yet.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(new DatabaseClock(TimeProvider.System));
        services.TryAddSingleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseClock>());
        services.AddSingleton(provider => provider.GetRequiredService<ManagerOptions>().Database);
        services.AddSingleton<StoreFactory>();
        services.AddSingleton<Database>();
        services.AddSingleton<OperationLog>();
        services.AddSingleton(provider => new Retention(
            provider.GetRequiredService<StoreFactory>(),
            provider.GetRequiredService<ManagerOptions>().Audit.Retention,
            provider.GetRequiredService<ManagerOptions>().Webhooks.Retention
        ));
        services.AddHostedService<DatabasePreparation>();
        services.AddHostedService<DatabaseClockSync>();
        services.AddHostedService<RetentionSweep>();
        services.AddHostedService<LastUseWriter>();
        return services;
    }
}
