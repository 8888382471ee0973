using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Results;

/// <summary>Where and with what something was measured, in words.</summary>
internal static partial class MachineFacts
{
    public static async Task<string> OfAsync(Workshop workshop)
    {
        var options = workshop.Options;
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        return $"{now} UTC, `{options.Command}`; {Environment.ProcessorCount} cores, {memory:0} GiB, "
            + $"{RuntimeInformation.OSDescription}, load {load} at the end; "
            + $"{RuntimeInformation.FrameworkDescription}, commit {options.Commit}, "
            + $"stand-in for vcluster {await StandInAsync(workshop)}.";
    }

    private static async Task<string> StandInAsync(Workshop workshop)
    {
        await using var run = ProgramProcess.Start(
            workshop.Sandbox!.State.VCluster,
            ["--version"],
            workshop.Folder,
            new Dictionary<string, string> { ["HOME"] = workshop.Folder }
        );
        await run.EndAsync();
        return VersionNumber().Match(run.Output).Value;
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionNumber();
}
