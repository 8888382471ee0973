using System.Diagnostics;
using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Processes;

/// <summary>
/// One run of a tool: its figures, and its span in a trace. Of the arguments only the names of flags are told: a value may be
/// anything.
/// </summary>
internal sealed class MeasuredRun : IDisposable
{
    private static readonly ActivitySource Source = new("VClusterManager.Processes");
    private static readonly Meter Meter = new("VClusterManager.Processes");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "vcluster_manager.tool.duration",
        "s",
        "Runs of tools, by tool, verb and how they ended.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
        }
    );

    private readonly string _tool;
    private readonly string _verb;
    private readonly Activity? _span;

    public MeasuredRun(ToolCall call)
    {
        _tool = Path.GetFileName(call.Executable);
        _verb = call.Verb;
        _span = Source.StartActivity($"{_tool} {_verb}");
        if (_span is { IsAllDataRequested: true })
        {
            _span
                .SetTag("process.executable.name", _tool)
                .SetTag("vcluster_manager.tool.verb", _verb)
                .SetTag("vcluster_manager.tool.flags", string.Join(' ', Flags(call.Arguments)));
        }
    }

    public ToolResult Ended(ToolResult result)
    {
        var outcome = Outcome(result);
        Duration.Record(
            result.Duration.TotalSeconds,
            Label.Of("tool", _tool),
            Label.Of("verb", _verb),
            Label.Of("outcome", outcome)
        );
        _span?.SetTag("vcluster_manager.tool.outcome", outcome).SetTag("process.exit.code", result.ExitCode);
        if (outcome != "ok")
        {
            _span?.SetStatus(ActivityStatusCode.Error);
        }

        return result;
    }

    public void Dispose() => _span?.Dispose();

    /// <summary>What stands behind a lone <c>--</c> is no flag.</summary>
    internal static IEnumerable<string> Flags(IEnumerable<string> arguments) =>
        arguments
            .TakeWhile(argument => argument != "--")
            .Where(argument => argument.StartsWith('-'))
            .Select(argument => argument.Split('=')[0]);

    private static string Outcome(ToolResult result) =>
        result.End switch
        {
            ToolEnd.TimedOut => "timed_out",
            ToolEnd.Cancelled => "cancelled",
            ToolEnd.NotStarted => "not_started",
            _ when result.ExitCode == 0 => "ok",
            _ => result.Signal is null ? "failed" : "killed",
        };
}
