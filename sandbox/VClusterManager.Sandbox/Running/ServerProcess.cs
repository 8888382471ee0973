using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VClusterManager.Sandbox.Running;

/// <summary>The manager as a child process, unchanged, with this program's environment and its own configuration.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    /// <summary>Ends when the server does.</summary>
    public Task<int> ExitAsync() =>
        _process.WaitForExitAsync().ContinueWith(_ => _process.ExitCode, TaskScheduler.Default);

    /// <summary>Starts it and waits until it answers; throws when it ends or stays silent instead.</summary>
    public static async Task<ServerProcess> StartAsync(string executable, ServerConfig config, CancellationToken cancel)
    {
        if (!File.Exists(executable))
        {
            throw new SandboxException($"the manager is not built: there is no {executable}");
        }

        var start = new ProcessStartInfo(executable) { UseShellExecute = false, WorkingDirectory = config.Folder };
        start.Environment["CONFIG_PATH"] = config.ConfigFile;
        var process = Process.Start(start) ?? throw new SandboxException($"{executable} could not be started");
        var server = new ServerProcess(process);
        try
        {
            await server.WaitUntilItAnswersAsync(config.Url, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }

    private async Task StopAsync()
    {
        if (OperatingSystem.IsWindows() || Kill(_process.Id, Terminate) != 0)
        {
            _process.Kill(entireProcessTree: true);
        }

        using var patience = new CancellationTokenSource(StopPatience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private async Task WaitUntilItAnswersAsync(Uri url, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(StartPatience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var http = new HttpClient { BaseAddress = url };
        while (true)
        {
            if (_process.HasExited)
            {
                throw new SandboxException($"the manager ended with exit code {_process.ExitCode} before it answered");
            }

            try
            {
                using var answer = await http.GetAsync("/readyz", either.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                throw new SandboxException($"the manager did not answer within {StartPatience.TotalSeconds:0} s");
            }

            await Task.Delay(LookInterval, TimeProvider.System, cancel);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>Why the sandbox cannot go on, in words for the person who started it.</summary>
internal sealed class SandboxException(string message) : Exception(message);
