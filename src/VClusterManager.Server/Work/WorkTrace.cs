using System.Diagnostics;

namespace VClusterManager.Server.Work;

/// <summary>
/// The run of a work item as part of the trace that asked for it, on whichever server it runs. A look that nobody asked for
/// (a clock, something that the host has shown) has no trace, and no span.
/// </summary>
internal static class WorkTrace
{
    private static readonly ActivitySource Source = new("VClusterManager.Work");

    public static Activity? Begin(WorkClaim claim)
    {
        if (!ActivityContext.TryParse(claim.TraceParent, traceState: null, isRemote: true, out var asked))
        {
            return null;
        }

        var span = Source.StartActivity($"work {claim.Kind}", ActivityKind.Consumer, asked);
        span?.SetTag("vcluster_manager.work.kind", claim.Kind)
            .SetTag("vcluster_manager.work.key", claim.Key)
            .SetTag("vcluster_manager.work.epoch", claim.Epoch)
            .SetTag("vcluster_manager.work.attempts", claim.Attempts);
        return span;
    }

    public static void End(Activity? span, string outcome)
    {
        span?.SetTag("vcluster_manager.work.outcome", outcome);
        if (outcome is "failed" or "lost")
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>What every line of the log that a run causes has with it.</summary>
    public static KeyValuePair<string, object?>[] FieldsOf(WorkClaim claim)
    {
        KeyValuePair<string, object?>[] fields =
        [
            new("work_kind", claim.Kind),
            new("work_key", claim.Key),
            new("claim_epoch", claim.Epoch),
        ];
        return TraceIdOf(claim.TraceParent) is { } trace ? [.. fields, new("trace_id", trace)] : fields;
    }

    /// <summary>The id of the trace in a <c>traceparent</c>.</summary>
    public static string? TraceIdOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, out var context) ? context.TraceId.ToHexString() : null;
}
