using Microsoft.Extensions.Logging.Abstractions;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.Tests.Processes;

/// <summary>A runner with a temporary folder of its own, and sh for a tool. Without a guardian, unless one is wanted.</summary>
internal sealed class ToolBench : IDisposable
{
    public const string Sh = "/bin/sh";

    private readonly ServerFolder _server;
    private readonly Lazy<ToolRunner> _runner;

    public ToolBench(params string[] allowed)
        : this(guarded: false, allowed) { }

    private ToolBench(bool guarded, string[] allowed)
    {
        Parent = Directory.CreateTempSubdirectory("tool-bench-").FullName;
        _server = new ServerFolder(Parent, TimeProvider.System);
        Guardian = new GuardianLink(_server, TimeProvider.System, NullLogger<GuardianLink>.Instance)
        {
            IsNeeded = guarded,
            Young = TimeSpan.FromMilliseconds(200),
        };
        _runner = new Lazy<ToolRunner>(() =>
            new ToolRunner(
                new ProcessOptions { Environment = allowed },
                _server,
                Guardian,
                TimeProvider.System,
                NullLogger<ToolRunner>.Instance
            )
            {
                Grace = Grace,
            }
        );
    }

    public string Parent { get; }

    public ToolRunner Runner => _runner.Value;

    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(400);

    public GuardianLink Guardian { get; }

    /// <summary>The folder that the calls' folders lie in.</summary>
    public string ServerRoot => _server.Root;

    public static ToolBench Guarded() => new(guarded: true, []);

    /// <summary>Where <see cref="MakeToolAsync"/> puts them.</summary>
    public string Tools => Path.Combine(Parent, "tools");

    /// <summary>Makes an executable script. By a process of its own: a file that this one holds open cannot be executed.</summary>
    public async Task<string> MakeToolAsync(string name, string script)
    {
        var path = Path.Combine(Tools, name);
        var call = Script("mkdir -p \"$1\"; cat > \"$2.new\"; chmod 700 \"$2.new\"; mv \"$2.new\" \"$2\"", Tools, path);
        await RunAsync(call with { StandardInput = $"#!/bin/sh\n{script}\n" });
        return path;
    }

    public static ToolCall Script(string script, params string[] arguments) =>
        new()
        {
            Executable = Sh,
            Arguments = ["-c", script, "sh", .. arguments],
            Timeout = TimeSpan.FromSeconds(30),
        };

    public async Task<ToolResult> RunAsync(ToolCall call, CancellationToken cancellation = default)
    {
        await using var folder = Runner.CreateFolder();
        return await Runner.RunAsync(folder, call, cancellation);
    }

    public static bool IsRunning(int id)
    {
        try
        {
            // A process that has ended and is not collected yet has an empty command line.
            return File.ReadAllText($"/proc/{id}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static async Task WaitUntil(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

    public void Dispose()
    {
        Guardian.Dispose();
        _server.Dispose();
        Directory.Delete(Parent, recursive: true);
    }
}
