using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>What goes through the proxy, in figures. Whose cluster it was for is in the audit: clusters are no labels.</summary>
internal static class ProxyMetrics
{
    private static readonly Meter Meter = new("VClusterManager.Access");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "vcluster_manager.proxy.requests",
        "{request}",
        "Requests through the proxy that have ended, by verb of Kubernetes and status code."
    );

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "vcluster_manager.proxy.request.duration",
        "s",
        "Requests through the proxy whose answers do not go on, by verb of Kubernetes.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
        }
    );

    private static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>(
        "vcluster_manager.proxy.streams",
        "{stream}",
        "Watches, followed logs and sessions that are open now."
    );

    public static void Opened(KubernetesCall call) => Streams.Add(call.GoesOn ? 1 : 0);

    public static void Closed(KubernetesCall call) => Streams.Add(call.GoesOn ? -1 : 0);

    public static void Answered(KubernetesCall call, int status, TimeSpan took)
    {
        var verb = Label.Of("verb", Word(call.Verb));
        Requests.Add(1, verb, Label.Of("code", status));
        if (!call.GoesOn)
        {
            Duration.Record(took.TotalSeconds, verb);
        }
    }

    /// <summary>A method may be any word; a label may not.</summary>
    private static string Word(string verb) =>
        verb is "get" or "list" or "watch" or "create" or "update" or "patch" or "delete" or "deletecollection"
            ? verb
            : "other";
}
