using OpenTelemetry.Metrics;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Observability;

/// <summary>The route of the metrics.</summary>
internal static class MetricsEndpoints
{
    private const string Example = """
        # TYPE vcluster_manager_clusters gauge
        # HELP vcluster_manager_clusters Clusters of this manager, by their status.
        vcluster_manager_clusters{status="running"} 12
        vcluster_manager_clusters{status="failed"} 0

        """;

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        // The exporter is a middleware: it answers whatever comes to it, and comes after our own authorization and limits.
        Lazy<RequestDelegate> exporter = new(() =>
            new ApplicationBuilder(services)
                .UseOpenTelemetryPrometheusScrapingEndpoint(
                    services.GetRequiredService<MeterProvider>(),
                    predicate: _ => true,
                    path: null,
                    configureBranchedPipeline: null,
                    optionsName: null
                )
                .Build()
        );
        routes
            .MapGroup("/metrics")
            .RequireRole(Role.Viewer)
            .Tagged(HealthEndpoints.Tag, HealthEndpoints.TagWords)
            .MapGet("", ReadAsync)
            .WithMetadata(new Exporter(exporter))
            .WithName("getMetrics")
            .AnswersText("text/plain", "The metrics.", Example);
        return routes;
    }

    /// <summary>How does it do?</summary>
    /// <remarks>
    /// Metrics in the text format of Prometheus (or OpenMetrics, for whoever accepts that). Each replica tells of itself. What has
    /// to be asked for of the database or the host is asked for at most every few seconds, and does not keep the others from
    /// being told: how old it is stands in `vcluster_manager_figures_age_seconds`.
    /// </remarks>
    internal static async Task ReadAsync(HttpContext http, MetricsReading reading)
    {
        await reading.PrepareAsync(http.RequestAborted);
        await http.GetEndpoint()!.Metadata.GetRequiredMetadata<Exporter>().Answer.Value(http);
    }

    private sealed record Exporter(Lazy<RequestDelegate> Answer);
}
