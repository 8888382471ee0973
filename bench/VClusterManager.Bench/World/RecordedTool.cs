using System.Diagnostics;
using System.Globalization;

namespace VClusterManager.Bench.World;

/// <summary>The CLI behind a script that writes down when it was started, by the clock of the machine, and for what.</summary>
internal sealed class RecordedTool
{
    private readonly string _starts;

    public RecordedTool(string folder, string executable)
    {
        Executable = Path.Combine(folder, "vcluster");
        _starts = Path.Combine(folder, "starts");
        File.WriteAllText(
            Executable,
            $"""
            #!/bin/sh
            echo "$(date +%s%N) $1 $2" >> '{_starts}'
            exec '{executable}' "$@"

            """
        );
        File.SetUnixFileMode(Executable, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Executable { get; }

    /// <summary>When it was started with these words; null: it was not yet.</summary>
    public DateTimeOffset? StartOf(string words)
    {
        var line = File.Exists(_starts)
            ? File.ReadLines(_starts).FirstOrDefault(l => l.EndsWith(' ' + words, StringComparison.Ordinal))
            : null;
        return line is null
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks(
                long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick
            );
    }

    /// <summary>Starts it right here and waits for its end; milliseconds until it was started.</summary>
    public async Task<double> StartHereAsync(string verb, string name)
    {
        var before = TimeProvider.System.GetUtcNow();
        using var process = Process.Start(
            new ProcessStartInfo(Executable, [verb, name])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        await process.WaitForExitAsync();
        return (StartOf($"{verb} {name}")!.Value - before).TotalMilliseconds;
    }
}
