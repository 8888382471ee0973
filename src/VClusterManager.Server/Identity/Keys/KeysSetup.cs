using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>API keys that are made over the API: they need the database.</summary>
internal static class KeysSetup
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeyOwners>();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<KeyFollower>();
        services.AddSingleton<KeyRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyFollower>());
        services.AddSingleton<LastUse>(s => s.GetRequiredService<KnownKeys>().Use);
        services.AddSingleton<CredentialCheck>(s => s.GetRequiredService<KnownKeys>().CheckAsync);
        return services;
    }
}
