using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Processes;

public sealed class ToolRunnerTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task An_exit_code_is_data()
    {
        var result = await _bench.RunAsync(ToolBench.Script("echo out; echo err >&2; exit 7"));

        result.End.ShouldBe(ToolEnd.Exited);
        result.ExitCode.ShouldBe(7);
        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("err\n");
        result.Truncated.ShouldBeFalse();
    }

    [Fact]
    public async Task One_entry_is_one_argument_whatever_is_in_it()
    {
        string[] arguments = ["a b", "", "$(id)", "; rm -rf /", "--", "*", "\"'\\", "ü\n☃"];

        var result = await _bench.RunAsync(ToolBench.Script("printf '%s\\0' \"$@\"", arguments));

        result.Output.Split('\0')[..^1].ShouldBe(arguments);
    }

    [Fact]
    public async Task Standard_input_is_fed_and_closed()
    {
        var result = await _bench.RunAsync(ToolBench.Script("cat") with { StandardInput = "grüße" });

        result.Output.ShouldBe("grüße");
    }

    [Fact]
    public async Task A_tool_that_does_not_read_its_input_is_no_trouble()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("exit 0") with
            {
                StandardInput = new string('x', 1_000_000),
            }
        );

        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Both_pipes_are_drained_beyond_the_bound_and_the_cut_is_marked()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("head -c 400000 /dev/zero | tr '\\0' o; head -c 400000 /dev/zero | tr '\\0' e >&2") with
            {
                MaxOutputBytes = 1000,
            }
        );

        result.ExitCode.ShouldBe(0);
        result.Truncated.ShouldBeTrue();
        result.Output.ShouldBe(new string('o', 1000) + "\n[output cut: 399000 more bytes]\n");
        result.Error.ShouldStartWith(new string('e', 1000) + "\n");
    }

    [Fact]
    public async Task The_bound_does_not_cut_through_a_character()
    {
        var result = await _bench.RunAsync(ToolBench.Script("printf 'aä€😀'") with { MaxOutputBytes = 8 });

        result.Output.ShouldStartWith("aä€\n[output cut");
    }

    [Fact]
    public async Task Lines_are_told_as_they_come_without_colours()
    {
        var lines = new List<ToolLine>();

        await _bench.RunAsync(
            ToolBench.Script(
                "printf '\\033[0;1;37m16:05:47 \\033[0m\\033[0;1;36minfo \\033[0mCreating\\r\\n\\nlast'; printf '\\033[31mbad\\033[0m\\n' >&2"
            ) with
            {
                OnLine = lines.Add,
            }
        );

        lines.Where(l => !l.IsError).Select(l => l.Text).ShouldBe(["16:05:47 info Creating", "", "last"]);
        lines.Where(l => l.IsError).Select(l => l.Text).ShouldBe(["bad"]);
    }

    [Fact]
    public async Task A_listener_that_throws_stops_nothing()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("echo one; echo two") with
            {
                OnLine = _ => throw new InvalidOperationException(),
            }
        );

        result.Output.ShouldBe("one\ntwo\n");
    }

    [Fact]
    public async Task A_missing_executable_is_said_not_thrown()
    {
        var result = await _bench.RunAsync(ToolBench.Script("") with { Executable = "/nowhere/vcluster" });

        result.End.ShouldBe(ToolEnd.NotStarted);
        result.ExitCode.ShouldBeNull();
        result.Error.ShouldBe("/nowhere/vcluster does not exist.");
    }

    [Fact]
    public async Task A_file_that_cannot_be_executed_is_said_not_thrown()
    {
        var result = await _bench.RunAsync(ToolBench.Script("") with { Executable = "/etc/passwd" });

        result.End.ShouldBe(ToolEnd.NotStarted);
        result.Error.ShouldStartWith("/etc/passwd cannot be started");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_beforehand_starts_nothing()
    {
        var lines = new List<ToolLine>();

        var result = await _bench.RunAsync(
            ToolBench.Script("echo hello") with
            {
                OnLine = lines.Add,
            },
            new CancellationToken(canceled: true)
        );

        result.End.ShouldBe(ToolEnd.Cancelled);
        lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_runs_in_the_call_is_asked_to_stop_before_it_is_killed()
    {
        using var cancellation = new CancellationTokenSource();

        var result = await _bench.RunAsync(
            ToolBench.Script("trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.02; done") with
            {
                OnLine = line =>
                {
                    if (line.Text == "ready")
                        cancellation.Cancel();
                },
            },
            cancellation.Token
        );

        result.End.ShouldBe(ToolEnd.Cancelled);
        result.ExitCode.ShouldBeNull();
        result.Output.ShouldBe("ready\ntidied\n");
    }

    [Fact]
    public async Task The_time_limit_ends_a_tool_that_does_not_listen()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("trap '' TERM; echo $$; while :; do sleep 0.02; done") with
            {
                Timeout = TimeSpan.FromSeconds(3),
            }
        );

        result.End.ShouldBe(ToolEnd.TimedOut);
        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(int.Parse(result.Output)));
    }

    [Fact]
    public async Task A_grandchild_without_a_parent_is_ended_too()
    {
        // As helm when vcluster dies first: not in our group, not our child, does not listen, and holds the pipe.
        var result = await _bench.RunAsync(
            ToolBench.Script("setsid sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.02; done' & exit 3")
        );

        result.End.ShouldBe(ToolEnd.Exited);
        result.ExitCode.ShouldBe(3);
        var grandchild = int.Parse(Encoding.UTF8.GetBytes(result.Output));
        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(grandchild));
    }

    [Theory]
    [InlineData("setsid sleep 1000 <&- >&- 2>&- & echo $!")]
    [InlineData("setsid sh -c 'sleep 1000 <&- >&- 2>&- & echo $!' & wait $!")]
    [InlineData("(cd /; setsid sleep 1000 <&- >&- 2>&- & echo $!)")]
    [InlineData("env -i setsid sleep 1000 <&- >&- 2>&- & echo $!")]
    public async Task A_daemon_ends_with_the_call_that_has_left_it(string script)
    {
        var result = await _bench.RunAsync(ToolBench.Script(script));

        result.End.ShouldBe(ToolEnd.Exited);
        result.ExitCode.ShouldBe(0);
        var daemon = int.Parse(result.Output);
        // It is gone when the call is; only the kernel may still be about to collect it.
        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(daemon));
    }

    [Fact]
    public async Task A_grandchild_that_has_cleared_its_environment_is_found_by_its_folder()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("env -i setsid /bin/sh -c 'echo $$; while :; do /bin/sleep 0.02; done' & exit 0")
        );

        var grandchild = int.Parse(result.Output);
        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(grandchild));
    }

    [Fact]
    public async Task What_has_shed_every_mark_is_not_found_but_holds_nothing()
    {
        // No environment, no folder, no parent: it must end by itself, without the pipe's holding the call.
        var result = await _bench.RunAsync(
            ToolBench.Script("cd /; env -i setsid /bin/sh -c 'echo $$; exec /bin/sleep 60' & exit 0")
        );

        result.End.ShouldBe(ToolEnd.Exited);
        result.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(result.Output));
        left.HasExited.ShouldBeFalse();
        left.Kill();
    }

    [Fact]
    public async Task A_cancelled_call_does_not_wait_for_pipes_before_it_stops_who_holds_them()
    {
        using var cancellation = new CancellationTokenSource();
        using var patient = new ToolBench { Grace = TimeSpan.FromSeconds(20) };

        // The tool has ended, and its child, which listens, holds the pipe.
        var result = await patient.RunAsync(
            ToolBench.Script("/bin/sleep 60 & echo ended; exit 0") with
            {
                OnLine = _ => cancellation.CancelAfter(TimeSpan.FromMilliseconds(200)),
            },
            cancellation.Token
        );

        result.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_tool_that_floods_and_does_not_listen_is_ended_and_cut()
    {
        var result = await _bench.RunAsync(
            ToolBench.Script("trap '' TERM; echo $$ >&2; while :; do echo flood; done") with
            {
                Timeout = TimeSpan.FromSeconds(3),
                MaxOutputBytes = 1000,
            }
        );

        result.End.ShouldBe(ToolEnd.TimedOut);
        result.Truncated.ShouldBeTrue();
        await ToolBench.WaitUntil(() => !ToolBench.IsRunning(int.Parse(result.Error)));
    }

    [Theory]
    [InlineData("KILL", "SIGKILL")]
    [InlineData("SEGV", "SIGSEGV")]
    public async Task A_tool_that_was_ended_by_a_signal_says_by_which(string signal, string name)
    {
        var result = await _bench.RunAsync(ToolBench.Script($"kill -{signal} $$"));

        result.End.ShouldBe(ToolEnd.Exited);
        result.Signal.ShouldBe(name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(255)]
    public async Task A_tool_that_has_chosen_its_exit_code_was_ended_by_no_signal(int code) =>
        (await _bench.RunAsync(ToolBench.Script($"exit {code}"))).Signal.ShouldBeNull();

    [Fact]
    public async Task What_is_sent_to_the_servers_process_group_does_not_reach_tools()
    {
        // The fifth and sixth field: process group and session.
        var result = await _bench.RunAsync(ToolBench.Script("echo $$; cut -d' ' -f5,6 /proc/$$/stat"));

        var lines = result.Output.Split('\n');
        lines[1].ShouldBe($"{lines[0]} {lines[0]}");
    }

    [Fact]
    public async Task A_script_whose_interpreter_is_missing_is_said_to_be_unstartable()
    {
        var tool = await _bench.MakeToolAsync("odd", "");
        await _bench.RunAsync(ToolBench.Script("printf '#!/nowhere/sh\\n' > \"$1\"", tool));

        var result = await _bench.RunAsync(ToolBench.Script("") with { Executable = tool });

        result.End.ShouldBe(ToolEnd.NotStarted);
        result.Error.ShouldStartWith($"{tool} cannot be started: ");
    }

    /// <summary>Both are defaults, in rooms that do not know each other.</summary>
    [Fact]
    public void A_tool_is_killed_before_its_claim_can_pass_to_another_server()
    {
        using var server = new ServerFolder(_bench.Parent, TimeProvider.System);
        var runner = new ToolRunner(
            new ProcessOptions { Environment = [] },
            server,
            _bench.Guardian,
            TimeProvider.System,
            NullLogger<ToolRunner>.Instance
        );

        // Half a second to notice, and to find the processes.
        runner.Grace.ShouldBeLessThanOrEqualTo(new WorkSettings().Margin - TimeSpan.FromSeconds(0.5));
    }
}
