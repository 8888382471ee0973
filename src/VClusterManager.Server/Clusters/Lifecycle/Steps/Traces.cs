using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>Traces in words.</summary>
internal static class Traces
{
    private const int Most = 5;

    public static string Describe(IReadOnlyList<HostTrace> traces) =>
        string.Join(", ", traces.Take(Most).Select(Describe))
        + (traces.Count > Most ? $" and {traces.Count - Most} more" : "");

    public static string Describe(HostTrace trace) =>
        trace.Finalizers.Count == 0 ? trace.ToString() : $"{trace} (held by {string.Join(", ", trace.Finalizers)})";
}
