using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.DynamicEndpoints.Serving;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.DynamicEndpoints;

internal static class DynamicEndpointsSetup
{
    /// <summary>Endpoints that operators write: their file, and what runs their commands.</summary>
    public static IServiceCollection AddDynamicEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<CallerRights>();
        services.AddSingleton<ClusterTargets>();
        services.AddSingleton<EndpointCalls>();
        services.AddSingleton<EndpointSource>();
        services.AddSingleton<EndpointsWatch>();
        services.AddHostedService(s => s.GetRequiredService<EndpointsWatch>());
        services.AddSingleton<ReadinessProblem>(s =>
        {
            var watch = s.GetRequiredService<EndpointsWatch>();
            return () => watch.Problem;
        });
        // Asked for when the description is written: by then all of them have been made.
        services.AddSingleton<ApiDocumentPart>(s =>
            document => EndpointOperations.Add(document, s.GetRequiredService<EndpointSource>().Definitions)
        );
        return services;
    }

    public static IEndpointRouteBuilder MapDynamicEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapEndpointList();
        routes.DataSources.Add(routes.ServiceProvider.GetRequiredService<EndpointSource>());
        return routes;
    }
}
