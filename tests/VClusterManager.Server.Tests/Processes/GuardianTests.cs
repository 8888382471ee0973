using System.Diagnostics;
using System.Runtime.InteropServices;
using Shouldly;
using VClusterManager.Server.Processes;
using Xunit;

namespace VClusterManager.Server.Tests.Processes;

/// <summary>With real guardians. That the death of a real server is one is in the end-to-end tests.</summary>
public sealed class GuardianTests : IDisposable
{
    private readonly ToolBench _bench = ToolBench.Guarded();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task One_guardian_serves_all_calls()
    {
        _bench.Guardian.ProcessId.ShouldBeNull("there is nothing to guard yet");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _bench.RunAsync(ToolBench.Script("exit 0"))));
        var guardian = _bench.Guardian.ProcessId.ShouldNotBeNull();
        await _bench.RunAsync(ToolBench.Script("exit 0"));

        _bench.Guardian.ProcessId.ShouldBe(guardian);
        GuardiansOfTheBench().ShouldBe([guardian]);
    }

    [Fact]
    public async Task When_the_pipe_closes_everything_in_the_folder_is_killed_and_the_folder_removed()
    {
        var (tool, grandchild, call) = await StartDeafTreeAsync();

        _bench.Guardian.Dispose();

        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(tool) && !ToolBench.IsRunning(grandchild));
        await ToolBench.WaitUntil(() => !Directory.Exists(_bench.ServerRoot));
        (await call).Signal.ShouldBe("SIGKILL");
        await ToolBench.WaitUntil(() => GuardiansOfTheBench().Count == 0);
    }

    [Fact]
    public async Task A_guardian_that_is_killed_is_followed_by_another_and_calls_go_on()
    {
        await _bench.RunAsync(ToolBench.Script("exit 0"));
        var first = _bench.Guardian.ProcessId.ShouldNotBeNull();

        Send(first, PosixSignalNumber.Kill);
        await ToolBench.WaitUntil(() => _bench.Guardian.ProcessId != first);
        var result = await _bench.RunAsync(ToolBench.Script("exit 7"));

        result.ExitCode.ShouldBe(7);
        _bench.Guardian.ProcessId.ShouldNotBeNull().ShouldNotBe(first);
        GuardiansOfTheBench().Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_one_that_follows_guards_what_was_started_before_it()
    {
        var (tool, grandchild, _) = await StartDeafTreeAsync();
        var first = _bench.Guardian.ProcessId.ShouldNotBeNull();
        Send(first, PosixSignalNumber.Kill);
        // Without another call: what runs must not wait for one.
        await ToolBench.WaitUntil(() => _bench.Guardian.ProcessId is { } next && next != first);
        ToolBench.IsRunning(tool).ShouldBeTrue();

        _bench.Guardian.Dispose();

        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(tool) && !ToolBench.IsRunning(grandchild));
    }

    [Theory]
    [InlineData(PosixSignalNumber.Hangup)]
    [InlineData(PosixSignalNumber.Interrupt)]
    [InlineData(PosixSignalNumber.Quit)]
    [InlineData(PosixSignalNumber.Terminate)]
    public async Task What_is_sent_to_all_processes_at_once_does_not_end_the_guardian(PosixSignalNumber signal)
    {
        var (tool, _, _) = await StartDeafTreeAsync();
        var guardian = _bench.Guardian.ProcessId.ShouldNotBeNull();

        Send(guardian, signal);
        // Time for it to end, if it would: another call would then start another.
        await _bench.RunAsync(ToolBench.Script("/bin/sleep 0.3"));

        _bench.Guardian.ProcessId.ShouldBe(guardian);
        ToolBench.IsRunning(tool).ShouldBeTrue();
    }

    [Fact]
    public async Task A_tool_inherits_no_pipe_to_the_guardian_and_the_guardian_nothing_of_the_server()
    {
        var result = await _bench.RunAsync(ToolBench.Script("for f in /proc/$$/fd/*; do readlink $f; done"));
        var guardian = _bench.Guardian.ProcessId.ShouldNotBeNull();

        var held = Descriptors(guardian);
        held.ShouldNotContain(file => file.StartsWith("socket:", StringComparison.Ordinal));
        held.ShouldNotContain(file => file.StartsWith(_bench.Parent, StringComparison.Ordinal));
        var pipe = new FileInfo($"/proc/{guardian}/fd/0").LinkTarget.ShouldNotBeNull();
        pipe.ShouldStartWith("pipe:");
        result.Output.Split('\n').ShouldNotContain(pipe);
    }

    [Fact]
    public async Task The_guardian_gets_nothing_of_the_servers_environment_that_it_does_not_need()
    {
        await _bench.RunAsync(ToolBench.Script("exit 0"));
        var guardian = _bench.Guardian.ProcessId.ShouldNotBeNull();

        File.ReadAllText($"/proc/{guardian}/environ")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable[..variable.IndexOf('=', StringComparison.Ordinal)])
            .Where(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal))
            .Except(["HOME", "TMPDIR", "LD_LIBRARY_PATH"])
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task While_there_is_no_guardian_no_tool_is_started()
    {
        _bench.Guardian.Dispose();
        var mark = Path.Combine(_bench.Parent, "ran");

        var result = await _bench.RunAsync(ToolBench.Script("touch \"$1\"", mark));

        result.End.ShouldBe(ToolEnd.NotStarted);
        result.Error.ShouldBe("The server is ending.");
        File.Exists(mark).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("vcluster-manager-0123456789abcdef0123456789abcdef")]
    [InlineData("/tmp/vcluster-manager-")]
    [InlineData("/tmp/vcluster-manager-data")]
    [InlineData("/tmp/vcluster-manager-0123456789abcdef0123456789abcdef/")]
    [InlineData("/tmp/vcluster-manager-0123456789abcdef0123456789abcdef/..")]
    public async Task A_guardian_of_anything_but_a_servers_folder_refuses(string folder)
    {
        (await Guardian.RunAsync(folder, TimeProvider.System)).ShouldBe(2);
    }

    /// <summary>A tool and a child of it that has left it, neither of which listens.</summary>
    private async Task<(int Tool, int Grandchild, Task<ToolResult> Call)> StartDeafTreeAsync()
    {
        var ids = new List<int>();
        var both = new TaskCompletionSource();
        var call = _bench.RunAsync(
            ToolBench.Script(
                "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$; while :; do /bin/sleep 0.05; done' & echo $$; wait"
            ) with
            {
                OnLine = line =>
                {
                    ids.Add(int.Parse(line.Text));
                    if (ids.Count == 2)
                        both.SetResult();
                },
            }
        );
        await both.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return (ids[0], ids[1], call);
    }

    private List<int> GuardiansOfTheBench() =>
        [
            .. Process
                .GetProcesses()
                .Select(process => process.Id)
                .Where(id =>
                    CommandLine(id).Contains($" {Guardian.Verb} {_bench.ServerRoot}", StringComparison.Ordinal)
                ),
        ];

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string[] Descriptors(int id) =>
        [
            .. Directory
                .EnumerateFileSystemEntries($"/proc/{id}/fd")
                .Select(file => new FileInfo(file).LinkTarget)
                .OfType<string>(),
        ];

    private static void Send(int id, PosixSignalNumber signal) => kill(id, (int)signal).ShouldBe(0);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int id, int signal);

    /// <summary>As the kernel numbers them.</summary>
    public enum PosixSignalNumber
    {
        Hangup = 1,
        Interrupt = 2,
        Quit = 3,
        Kill = 9,
        Terminate = 15,
    }
}
