using System.ComponentModel;
using System.Diagnostics;

namespace VClusterManager.Server.Processes;

/// <summary>The server's end of the pipe to its <see cref="Guardian"/>: starts one, and another when it dies.</summary>
/// <remarks>
/// No tool is started while there is no guardian. One that dies is followed at once, for the tools that run; one that
/// dies young is followed after a pause, or when the next tool is to start, so that something that is broken does not
/// go round in circles. The pipe is closed on exec: no tool inherits it, or the guardian would wait for that tool, too.
/// Where the server is process 1, the kernel ends everything with it, and there is no guardian; elsewhere than on Linux
/// the processes of a call cannot be found from outside, and there is none either.
/// </remarks>
internal sealed partial class GuardianLink(ServerFolder folder, TimeProvider time, ILogger<GuardianLink> logger)
    : IDisposable
{
    // Far longer than a start takes (a tenth of a second): the machine may be busy.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    // From closing the pipe to its end; it takes a tenth of a second when nothing is left running.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private volatile Running? _running;
    private volatile bool _closed;

    internal bool IsNeeded { get; init; } = OperatingSystem.IsLinux() && Environment.ProcessId != 1;

    /// <summary>One that lives shorter than this is followed after as long a pause.</summary>
    internal TimeSpan Young { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The guardian's process; <see langword="null"/> when there is none.</summary>
    internal int? ProcessId => _running is { IsThere: true } running ? running.Process.Id : null;

    /// <summary>Sees to it that there is a guardian.</summary>
    /// <returns>Why there is none; <see langword="null"/> when there is one.</returns>
    public async ValueTask<string?> EnsureAsync()
    {
        if (!IsNeeded || _running is { IsThere: true })
            return null;
        await _starting.WaitAsync();
        try
        {
            return _closed ? "The server is ending."
                : _running is { IsThere: true } ? null
                : await StartAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Lets the guardian tidy up, and end.</summary>
    public void Dispose()
    {
        _closed = true;
        if (_running is { IsThere: true, Process: var process })
        {
            process.StandardInput.Close();
            process.WaitForExit(EndLimit);
        }
    }

    private async Task<string?> StartAsync()
    {
        var process = new Process { StartInfo = GuardianStart.Describe(folder.Root) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            process.Dispose();
            return $"The guardian of the tools cannot be started: {e.Message}";
        }

        var running = new Running(process, process.WaitForExitAsync(), process.StandardError.ReadToEndAsync());
        if (!await SaysReadyAsync(process))
        {
            process.Kill();
            var said = (await running.Said).Trim();
            process.Dispose();
            return $"The guardian of the tools does not start: {(said.Length > 0 ? said : "it says nothing")}";
        }

        _running = running;
        _ = FollowAsync(running, time.GetTimestamp());
        return null;
    }

    private async Task<bool> SaysReadyAsync(Process process)
    {
        var word = new byte[1];
        try
        {
            var read = process.StandardOutput.BaseStream.ReadAsync(word).AsTask();
            return await read.WaitAsync(StartLimit, time) == 1 && word[0] == Guardian.Ready;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return false;
        }
    }

    private async Task FollowAsync(Running running, long started)
    {
        await running.Ended;
        if (_closed)
            return;
        Log.Died(logger, running.Process.ExitCode, (await running.Said).Trim());
        if (time.GetElapsedTime(started) < Young)
            await Task.Delay(Young, time);
        if (!_closed && await EnsureAsync() is { } problem)
            Log.NotFollowed(logger, problem);
    }

    private sealed record Running(Process Process, Task Ended, Task<string> Said)
    {
        public bool IsThere => !Ended.IsCompleted;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The guardian of the tools has died with exit code {ExitCode}: another one is started. {Said}"
        )]
        public static partial void Died(ILogger logger, int exitCode, string said);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} Until there is one, no tool is started")]
        public static partial void NotFollowed(ILogger logger, string problem);
    }
}
