using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Observability.Tracing;

namespace VClusterManager.Server.Observability;

internal static class ObservabilitySetup
{
    /// <summary>Of a room's instruments, which all have names that begin so, nothing is known here but that.</summary>
    private const string OwnMeters = "VClusterManager.*";

    private const string RequestDuration = "http.server.request.duration";

    /// <summary>What the server says of itself.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services, ManagerOptions options)
    {
        services.AddSingleton<ServerReadiness>();
        services.AddSingleton<IGauges, ReadinessGauges>();
        services.AddSingleton<MetricsReading>();
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, options))
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(OwnMeters, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                    .AddView(Narrow)
                    .AddPrometheusExporter(Shape)
            )
            .WithTracing(options);
        return services;
    }

    /// <summary>Who it is that tells, in <c>target_info</c> and in traces.</summary>
    private static void Describe(ResourceBuilder resource, ManagerOptions options) =>
        resource
            .AddService(options.Observability.ServiceName, serviceVersion: HealthEndpoints.Version)
            .AddAttributes([new KeyValuePair<string, object>("vcluster_manager.instance", options.Server.Instance)]);

    // Whose instrument it is, its name says.
    private static void Shape(PrometheusAspNetCoreOptions exporter) => exporter.ScopeInfoEnabled = false;

    /// <summary>Room for the series of one instrument is kept from the start: what is not needed is not kept.</summary>
    private static MetricStreamConfiguration Narrow(Instrument instrument) =>
        instrument.Name == RequestDuration
            ? new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
                TagKeys = ["http.request.method", "http.route", "http.response.status_code"],
                CardinalityLimit = 1000,
            }
            : new MetricStreamConfiguration { CardinalityLimit = 200 };
}
