using Microsoft.Extensions.DependencyInjection.Extensions;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Work;

internal static class WorkSetup
{
    /// <summary>
    /// The work queue and its loop, over <c>AddStorage</c>. Handlers are added one by one:
    /// <c>services.AddSingleton&lt;IWorkHandler, X&gt;()</c>.
    /// </summary>
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(new WorkSettings());
        services.AddSingleton<WriteAccess>();
        services.AddSingleton<Hearing>();
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<IGauges, QueueGauges>();
        services.AddHostedService<WorkLoop>();
        services.AddHostedService<WorkListener>();
        return services;
    }
}
