using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>A program that runs beside the tests. All it says is kept; it has ended when this is disposed.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _standardOutput = new();

    private ChildProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data, _output, _standardOutput);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, _output);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All that it has said so far, on both channels.</summary>
    public string Output => Read(_output);

    /// <summary>What it has said so far, without its warnings and errors.</summary>
    public string StandardOutput => Read(_standardOutput);

    /// <param name="environment">Added to this program's own.</param>
    public static ChildProcess Start(
        string executable,
        IEnumerable<string> arguments,
        string workingFolder,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Waits for its end and says its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"It did not end within {within.TotalSeconds:0} s. It said:\n{Output}", e);
        }
    }

    /// <summary>As <c>kill -9</c> does: it alone, at once, without a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end; kills it and what it started when it does not.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        _ = Kill(_process.Id, Terminate);
        using var patience = new CancellationTokenSource(StopPatience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Asks all processes of the group that it leads to end.</summary>
    public void AskGroupToStop() => _ = Kill(-_process.Id, Terminate);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private string Read(StringBuilder text)
    {
        lock (_output)
        {
            return text.ToString();
        }
    }

    private void Keep(string? line, params StringBuilder[] places)
    {
        lock (_output)
        {
            foreach (var place in line is null ? [] : places)
            {
                place.AppendLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
