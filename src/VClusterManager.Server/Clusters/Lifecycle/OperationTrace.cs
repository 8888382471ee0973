using System.Diagnostics;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// The runs of an operation as part of the trace of the request that asked for it: whichever server does them, and after
/// whatever crash. One that nobody asked for (an end that has come) is a trace of its own for each run.
/// </summary>
internal static class OperationTrace
{
    private static readonly ActivitySource Source = new("VClusterManager.Clusters");

    public static Activity? Begin(OperationRow operation)
    {
        _ = ActivityContext.TryParse(operation.TraceParent, traceState: null, isRemote: true, out var asked);
        var looking = Activity.Current?.Context ?? default;
        // A look that this request has asked for is nearer than the request itself; one that another has asked for is linked.
        var isOfRequest = looking.TraceId == asked.TraceId;
        var span = Source.StartActivity(
            $"operation {Word(operation.Kind)}",
            ActivityKind.Consumer,
            isOfRequest || asked == default ? looking : asked,
            links: isOfRequest || looking == default ? null : [new ActivityLink(looking)]
        );
        span?.SetTag("vcluster_manager.operation.id", operation.Id)
            .SetTag("vcluster_manager.operation.kind", Word(operation.Kind))
            .SetTag("vcluster_manager.cluster", $"{operation.Namespace}/{operation.ClusterName}");
        return span;
    }

    public static Activity? Begin(IStep step) => Source.StartActivity($"step {step.Name}");

    public static void End(Activity? span, StepResult result)
    {
        if (result is StepResult.Failed or StepResult.Stalled)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.SetTag("vcluster_manager.step.result", result.GetType().Name.ToLowerInvariant());
    }

    /// <summary>What every line of the log that a run causes has with it.</summary>
    public static KeyValuePair<string, object?>[] FieldsOf(OperationRow operation)
    {
        KeyValuePair<string, object?>[] fields =
        [
            new("operation_id", operation.Id),
            new("operation", Word(operation.Kind)),
            new("cluster", $"{operation.Namespace}/{operation.ClusterName}"),
        ];
        return WorkTrace.TraceIdOf(operation.TraceParent) is { } trace ? [.. fields, new("trace_id", trace)] : fields;
    }

    private static string Word(OperationKind kind) => kind.ToString().ToLowerInvariant();
}
