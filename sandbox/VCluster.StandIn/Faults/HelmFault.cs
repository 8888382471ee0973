using System.Diagnostics;

namespace VCluster.StandIn.Faults;

/// <summary>The places in helm's work at which a test may want it to stop.</summary>
internal enum HelmPoint
{
    Decided,
    ReleaseWritten,
    HalfDone,
    WorkloadMade,
    Uninstalling,
}

/// <summary>
/// A fault that the CLI hands to the helm it starts, in a variable: <c>crash:release</c>, <c>crash:half</c>,
/// <c>crash:workload</c>, <c>lock</c>, <c>hang</c>, or <c>gate:FILE</c>, which makes it say that it is there (in a file
/// beside it) and holds it just before it takes its lock until the file exists, so that two can be made to race. A helm that somebody else starts has none.
/// </summary>
internal sealed class HelmFault(string? value, TimeProvider clock)
{
    public const string Variable = "VCLUSTER_STAND_IN_FAULT";

    private const string Gate = "gate:";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Dies, hangs or waits when this is the place.</summary>
    /// <exception cref="OperationCanceledException">It was told to end while it hung.</exception>
    public async Task AtAsync(HelmPoint point, CancellationToken cancellation = default)
    {
        switch (value, point)
        {
            case ("crash:release" or "lock", HelmPoint.ReleaseWritten):
            case ("crash:half", HelmPoint.HalfDone):
            case ("crash:workload", HelmPoint.WorkloadMade):
                Die();
                break;
            case ("hang", HelmPoint.ReleaseWritten or HelmPoint.Uninstalling):
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
                break;
            case (not null, HelmPoint.Decided) when value.StartsWith(Gate, StringComparison.Ordinal):
                await PassAsync(value[Gate.Length..], cancellation);
                break;
        }
    }

    /// <summary>Ends this process as <c>kill -9</c> does: nothing is cleaned up.</summary>
    public static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private async Task PassAsync(string file, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync($"{file}.{Environment.ProcessId}", "", cancellation);
        while (!File.Exists(file))
        {
            await Task.Delay(Look, clock, cancellation);
        }
    }
}
