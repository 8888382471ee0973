using System.Diagnostics.Metrics;
using System.Net;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Kubernetes;

/// <summary>What this server asks of the host's API, in figures.</summary>
internal static class HostMetrics
{
    public const string MeterName = "VClusterManager.Kubernetes";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Requests = Meter.CreateHistogram(
        "vcluster_manager.host.request.duration",
        "s",
        "Requests to the host's API until the head of their answer, by class of its status; none: no answer came.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10],
        }
    );

    private static readonly Counter<long> Lists = Meter.CreateCounter<long>(
        "vcluster_manager.host.lists",
        "{list}",
        "Collections of the host that were listed whole: at the start, every half hour, and where a watch could not go on."
    );

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "vcluster_manager.host.watch.failures",
        "{failure}",
        "Lists and watches that failed."
    );

    public static void Answered(HttpMethod method, HttpStatusCode? status, TimeSpan took) =>
        Requests.Record(
            took.TotalSeconds,
            Label.Of("method", method.Method),
            Label.Of("status", status is { } code ? $"{(int)code / 100}xx" : "none")
        );

    public static void Listed(string resource) => Lists.Add(1, Label.Of("resource", resource));

    public static void Failed(string resource) => Failures.Add(1, Label.Of("resource", resource));
}
