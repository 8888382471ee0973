using System.Text;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Processes;

/// <summary>Standard output that somebody takes as it comes.</summary>
public sealed class TakenOutputTests : IDisposable
{
    private readonly ToolBench _bench = new();

    [Fact]
    public async Task Bytes_are_handed_out_as_they_come_and_not_kept()
    {
        using MemoryStream taken = new();
        TaskCompletionSource first = new();
        var marker = Path.Combine(_bench.Parent, "go");
        var call = ToolBench.Script(
            "printf 'a\\0b'; until [ -e \"$1\" ]; do sleep 0.02; done; echo; echo e >&2",
            marker
        ) with
        {
            TakeOutput = async bytes =>
            {
                await taken.WriteAsync(bytes);
                first.TrySetResult();
            },
        };

        var run = _bench.RunAsync(call);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await File.WriteAllTextAsync(marker, "");
        var result = await run;

        Encoding.UTF8.GetString(taken.ToArray()).ShouldBe("a\0b\n");
        (result.Output, result.Error, result.ExitCode).ShouldBe(("", "e\n", 0));
    }

    [Fact]
    public async Task A_tool_goes_no_faster_than_its_output_is_taken_and_all_of_it_arrives()
    {
        TaskCompletionSource go = new();
        var taken = 0L;
        var call = ToolBench.Script("head -c 3000000 /dev/zero") with
        {
            TakeOutput = async bytes =>
            {
                await go.Task;
                taken += bytes.Length;
            },
        };

        var run = _bench.RunAsync(call);
        // Far longer than a child may hold the pipe of a process that has ended.
        await Task.Delay(_bench.Grace * 3, TimeProvider.System, TestContext.Current.CancellationToken);
        run.IsCompleted.ShouldBeFalse();
        go.SetResult();

        (await run).ExitCode.ShouldBe(0);
        taken.ShouldBe(3_000_000);
    }

    [Fact]
    public async Task When_nobody_takes_it_any_more_the_tool_still_comes_to_its_end()
    {
        var call = ToolBench.Script("head -c 3000000 /dev/zero; echo done >&2") with
        {
            TakeOutput = _ => throw new InvalidOperationException(),
        };

        (await _bench.RunAsync(call)).ShouldSatisfyAllConditions(
            r => r.ExitCode.ShouldBe(0),
            r => r.Error.ShouldBe("done\n")
        );
    }

    public void Dispose() => _bench.Dispose();
}
