using System.Diagnostics;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;

namespace VClusterManager.Server.Tests.Observability.Tracing;

/// <summary>A manager that sends its traces to a collector.</summary>
public sealed class TracedHost : WebhookHost
{
    internal const string CollectorKey = "collectors-own-secret";

    private readonly OtlpReceiver _collector = OtlpReceiver.StartAsync().GetAwaiter().GetResult();

    internal OtlpReceiver Collector => _collector;

    /// <summary>Waits until the spans of a trace have come that are asked for.</summary>
    internal async Task<IReadOnlyList<ReceivedSpan>> TraceAsync(
        string trace,
        Func<IReadOnlyList<ReceivedSpan>, bool> holds
    )
    {
        try
        {
            await Wait.UntilAsync(() => holds(_collector.Of(trace)));
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"Of {trace} came only:\n{string.Join('\n', _collector.Of(trace))}", e);
        }

        return _collector.Of(trace);
    }

    /// <summary>The header of a caller that traces, and the id of its trace.</summary>
    internal static (string Trace, (string Name, string Value) Header) Traced()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        return (trace, ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01"));
    }

    private protected override ManagerOptions Configure(ManagerOptions options) =>
        base.Configure(options) with
        {
            Observability = new()
            {
                Otlp = new()
                {
                    Endpoint = _collector.Address,
                    Protocol = OtlpProtocol.HttpProtobuf,
                    Headers = $"X-Collector-Key={CollectorKey}",
                    SampledPercent = 100,
                },
            },
        };

    private protected override async Task StoppedAsync()
    {
        await base.StoppedAsync();
        await _collector.DisposeAsync();
    }
}
