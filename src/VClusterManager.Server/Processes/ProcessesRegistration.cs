using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Processes;

internal static class ProcessesRegistration
{
    public static IServiceCollection AddProcesses(this IServiceCollection services) =>
        services
            .AddSingleton<ServerFolder>()
            .AddSingleton<GuardianLink>()
            .AddSingleton(s => new ToolRunner(
                s.GetRequiredService<ManagerOptions>().Processes,
                s.GetRequiredService<ServerFolder>(),
                s.GetRequiredService<GuardianLink>(),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILogger<ToolRunner>>()
            ));
}
