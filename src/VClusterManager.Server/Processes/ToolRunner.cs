using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Processes;

/// <summary>Runs external tools: the only place that starts a process.</summary>
/// <remarks>
/// A call goes through: start, drain both pipes, wait. It ends when the process has ended and its pipes are closed.
/// When it is cancelled or out of time, everything in the call's folder is asked to stop, gets
/// <see cref="Grace"/> to do so (helm uses it to mark its release as failed rather than leave it pending), and is killed.
/// When the process has ended but a child still holds its pipes, or goes on without them in a session of its own, the
/// child gets the same treatment: nothing that a call started outlives it, and a pipe nobody closes does not hold us. Nothing outlives the server either: without a
/// <see cref="Guardian"/> that would see to it, no tool is started.
/// </remarks>
internal sealed partial class ToolRunner(
    ProcessOptions options,
    ServerFolder server,
    GuardianLink guardian,
    TimeProvider time,
    ILogger<ToolRunner> logger
)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly IReadOnlyDictionary<string, string> _inherited = ToolEnvironment.Inherited();

    /// <summary>
    /// From asking to killing; also how long a child may hold the pipes of a process that has ended. Shorter than the
    /// time between losing a claim and another server's taking it, so that the two never run tools for the same thing.
    /// </summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    public ToolFolder CreateFolder() => server.CreateCall();

    /// <summary>
    /// Runs the call to its end. When <paramref name="cancellation"/> is cancelled or the time is up, asks the process
    /// tree to stop, kills it after a grace, and says so in the result; it does not throw.
    /// </summary>
    public async Task<ToolResult> RunAsync(ToolFolder folder, ToolCall call, CancellationToken cancellation)
    {
        using var measured = new MeasuredRun(call);
        return measured.Ended(await RunToEndAsync(folder, call, cancellation));
    }

    private async Task<ToolResult> RunToEndAsync(ToolFolder folder, ToolCall call, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        if (cancellation.IsCancellationRequested)
            return Failure(ToolEnd.Cancelled, "", started);
        if (await guardian.EnsureAsync() is { } unguarded)
            return Failure(ToolEnd.NotStarted, unguarded, started);

        using var process = new Process { StartInfo = Describe(folder, call) };
        if (Start(process, call.Executable) is { } problem)
            return Failure(ToolEnd.NotStarted, problem, started);

        var lines = new Lock();
        var output = new ToolOutput(call.MaxOutputBytes, Listener(call, isError: false, lines), call.TakeOutput);
        var error = new ToolOutput(call.MaxOutputBytes, Listener(call, isError: true, lines));
        var pipes = Task.WhenAll(
            Task.Run(() => output.DrainAsync(process.StandardOutput.BaseStream), CancellationToken.None),
            Task.Run(() => error.DrainAsync(process.StandardError.BaseStream), CancellationToken.None),
            FeedAsync(process, call.StandardInput)
        );

        var tree = ProcessTree.Of(folder.Root, process);
        var end = await WaitAsync(process, call.Timeout, cancellation);
        if (
            end != ToolEnd.Exited
            || !await DrainsAsync(pipes, output, cancellation)
            || tree.LeftAny(time.GetElapsedTime(started))
        )
            await StopAsync(tree);

        if (!await EndsWithin(pipes, Grace, CancellationToken.None))
            Log.PipesLeftOpen(logger, call.Executable);
        if (end == ToolEnd.Exited && OwnSession.Refusal(process.ExitCode, error.Text()) is { } refusal)
            return Failure(ToolEnd.NotStarted, CannotBeStarted(call.Executable, refusal), started);
        return new ToolResult(
            end,
            end == ToolEnd.Exited ? process.ExitCode : null,
            output.Text(),
            error.Text(),
            output.Truncated || error.Truncated,
            time.GetElapsedTime(started)
        );
    }

    private ProcessStartInfo Describe(ToolFolder folder, ToolCall call)
    {
        var start = new ProcessStartInfo("", [call.Executable, .. call.Arguments])
        {
            WorkingDirectory = folder.Work,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Not what the locale of the server says.
            StandardInputEncoding = s_utf8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in ToolEnvironment.For(call, folder, options.Environment, _inherited))
            start.Environment[name] = value;
        OwnSession.Enter(start);
        return start;
    }

    private static string? Start(Process process, string executable)
    {
        if (!Path.IsPathRooted(executable))
            return $"{executable} is not an absolute path.";
        if (!File.Exists(executable))
            return $"{executable} does not exist.";
        try
        {
            process.Start();
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return CannotBeStarted(executable, e.Message);
        }
    }

    private static string CannotBeStarted(string executable, string reason) =>
        $"{executable} cannot be started: {reason}";

    private async Task<ToolEnd> WaitAsync(Process process, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return ToolEnd.Exited;
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? ToolEnd.Cancelled : ToolEnd.TimedOut;
        }
    }

    private async Task StopAsync(ProcessTree tree)
    {
        tree.AskToStop();
        var asked = time.GetTimestamp();
        while (tree.IsAlive && time.GetElapsedTime(asked) < Grace)
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
        tree.Kill();
    }

    /// <summary>Whoever takes the output has the time that it takes; a child that holds the pipe has not.</summary>
    private async Task<bool> DrainsAsync(Task pipes, ToolOutput output, CancellationToken cancellation)
    {
        while (!await EndsWithin(pipes, Grace, cancellation))
        {
            if (!output.IsTaking || cancellation.IsCancellationRequested)
                return false;
        }

        return true;
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(limit, time, cancellation);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task FeedAsync(Process process, string? input)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It does not read its input, or has ended.
        }
    }

    private Action<string>? Listener(ToolCall call, bool isError, Lock lines)
    {
        if (call.OnLine is not { } onLine)
            return null;
        return text =>
        {
            try
            {
                // Both pipes tell their lines: one at a time.
                lock (lines)
                    onLine(new ToolLine(isError, text));
            }
            catch (Exception e)
            {
                // Who listens must not be able to stop the draining.
                Log.ListenerFailed(logger, call.Executable, e);
            }
        };
    }

    private ToolResult Failure(ToolEnd end, string problem, long started) =>
        new(end, null, "", problem, false, time.GetElapsedTime(started));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The pipes of {Executable} are still open although it was killed: they are left"
        )]
        public static partial void PipesLeftOpen(ILogger logger, string executable);

        [LoggerMessage(Level = LogLevel.Error, Message = "Whoever listens to the output of {Executable} has failed")]
        public static partial void ListenerFailed(ILogger logger, string executable, Exception exception);
    }
}
