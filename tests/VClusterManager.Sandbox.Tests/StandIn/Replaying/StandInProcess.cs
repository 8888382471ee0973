using System.Diagnostics;
using System.Text;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>How a call ended.</summary>
internal sealed record Outcome(int ExitCode, string Stdout, string Stderr);

/// <summary>The stand-in as a real process, with an environment and folders of its own. It is gone when this is disposed.</summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _stdout = new();
    private readonly Task _reading;
    private readonly Task<string> _stderr;

    private StandInProcess(Process process)
    {
        _process = process;
        _stderr = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Where the two executables lie, beside those of the tests.</summary>
    public static string Folder { get; } =
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "VCluster.StandIn",
                Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
            )
        );

    public int Id => _process.Id;

    public string StdoutSoFar
    {
        get
        {
            lock (_stdout)
            {
                return _stdout.ToString();
            }
        }
    }

    public static StandInProcess Start(
        IEnumerable<string> words,
        string workingFolder,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var (executable, arguments) = words.ToArray() is [var first, .. var rest] ? (first, rest) : ("vcluster", []);
        var start = new ProcessStartInfo(
            executable.Contains('/') ? executable : Path.Combine(Folder, executable),
            arguments
        )
        {
            UseShellExecute = false,
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new StandInProcess(process);
    }

    public async Task<Outcome> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        return new Outcome(_process.ExitCode, StdoutSoFar, await _stderr);
    }

    public Task UntilSaidAsync(string text) =>
        Stage.UntilAsync(
            () => Task.FromResult(StdoutSoFar.Contains(text, StringComparison.Ordinal)),
            $"it has said \"{text}\""
        );

    /// <summary>Ends it, and what it started when <paramref name="tree"/>, as <c>kill -9</c> does.</summary>
    public void Kill(bool tree) => _process.Kill(tree);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_stdout)
            {
                _stdout.Append(buffer, 0, count);
            }
        }
    }
}
