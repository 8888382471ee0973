using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Observability.Tracing;

internal static class TracingSetup
{
    /// <summary>Our own sources, calls to the host and to providers, and PostgreSQL. Requests come with their instrumentation.</summary>
    private static readonly string[] Sources = ["VClusterManager.*", "System.Net.Http", "Npgsql"];

    /// <summary>Where nobody has named a collector, nothing is traced, and nobody listens.</summary>
    public static void WithTracing(this OpenTelemetryBuilder telemetry, ManagerOptions options)
    {
        if (options.Observability.Otlp is not { } otlp)
        {
            return;
        }

        telemetry.WithTracing(tracing =>
            tracing
                .SetSampler(new ParentBasedSampler(new RootSampler(otlp.SampledPercent)))
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(HealthEndpoints.ShapeTraces)
                .AddOtlpExporter(exporter => Shape(exporter, otlp))
        );
    }

    private static void Shape(OtlpExporterOptions exporter, OtlpOptions otlp)
    {
        var isHttp = otlp.Protocol == OtlpProtocol.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri(otlp.Endpoint.AbsoluteUri.TrimEnd('/') + "/v1/traces") : otlp.Endpoint;
        exporter.Headers = otlp.Headers;
        exporter.BatchExportProcessorOptions.ScheduledDelayMilliseconds = 2000;
    }
}
