using System.Diagnostics;
using OpenTelemetry.Trace;

namespace VClusterManager.Server.Observability.Tracing;

/// <summary>
/// What may begin a trace: a request, and a run of work. Renewals of leases, heartbeats and looks at the queue, which go on
/// all day and belong to nothing, are calls without a caller: they are none.
/// </summary>
internal sealed class RootSampler(int percent) : Sampler
{
    private readonly TraceIdRatioBasedSampler _ratio = new(percent / 100.0);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer
            ? _ratio.ShouldSample(samplingParameters)
            : new SamplingResult(SamplingDecision.Drop);
}
