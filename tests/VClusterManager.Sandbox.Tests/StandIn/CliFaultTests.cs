using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;
using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class CliFaultTests
{
    private const int Killed = 137;
    private const int Terminated = 143;

    private static readonly string[] Create = ["vcluster", "create", "demo", "--namespace", "demo", "--connect=false"];

    [Theory]
    [InlineData("namespace", null, false)]
    [InlineData("release", "pending-install", false)]
    [InlineData("half", "pending-install", false)]
    [InlineData("workload", "pending-install", true)]
    public async Task A_crash_leaves_what_was_written_so_far(string point, string? status, bool workload)
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-crash", point);
        (await stage.RunAsync(Create)).ExitCode.ShouldBe(Killed);
        (await stage.FindAsync(Kinds.Namespaces, "", "demo")).ShouldNotBeNull();
        (await StatusAsync(stage)).ShouldBe(status);
        (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo") is not null).ShouldBe(workload);
        var accounts = Kinds.Find("v1", "ServiceAccount")!;
        (await stage.FindAsync(accounts, "demo", "vc-demo") is not null).ShouldBe(point is "half" or "workload");
    }

    [Fact]
    public async Task A_lock_that_is_left_behind_stops_every_create_until_helm_clears_it()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("helm-lock");
        (await stage.RunAsync(Create)).ExitCode.ShouldBe(1);
        stage.Host.Faults.Clear();
        (await stage.RunAsync(Create)).Stderr.ShouldContain(
            "another operation (install/upgrade/rollback) is in progress"
        );
        (await stage.RunAsync([.. Create, "--upgrade"])).Stderr.ShouldContain("another operation");
        (await stage.RunAsync("helm", "uninstall", "demo", "-n", "demo")).Stdout.ShouldBe(
            "release \"demo\" uninstalled\n"
        );
        (await stage.RunAsync(Create)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_hangs_ends_when_it_is_told_to()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-hang", "before");
        await using var process = stage.Start(Create);
        await process.UntilSaidAsync("Hanging");
        await Signals.SendTerminateAsync(process.Id);
        (await process.EndAsync()).ExitCode.ShouldBe(Terminated);
        (await stage.FindAsync(Kinds.Namespaces, "", "demo")).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_hangs_may_not_listen()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-hang", "ignore-sigterm");
        await using var process = stage.Start(Create);
        await process.UntilSaidAsync("Hanging");
        await Signals.SendTerminateAsync(process.Id);
        await process.UntilSaidAsync("Not ending on SIGTERM");
        process.Kill(tree: true);
        (await process.EndAsync()).ExitCode.ShouldBe(Killed);
    }

    [Fact]
    public async Task A_create_that_hangs_in_the_middle_holds_the_lock()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-hang", "middle");
        await using var process = stage.Start(Create);
        await Stage.UntilAsync(async () => await StatusAsync(stage) == "pending-install", "the lock is taken");
        process.Kill(tree: true);
        (await process.EndAsync()).ExitCode.ShouldBe(Killed);
        (await StatusAsync(stage)).ShouldBe("pending-install");
    }

    [Fact]
    public async Task A_slow_call_does_its_work_later()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-slow", "0.5");
        var started = TimeProvider.System.GetTimestamp();
        (await stage.RunAsync("vcluster", "pause", "nosuch", "-n", "demo")).ExitCode.ShouldBe(1);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task A_flood_does_not_end_by_itself()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Break("cli-flood");
        await using var process = stage.Start(Create);
        await Stage.UntilAsync(() => Task.FromResult(process.StdoutSoFar.Length > 1_000_000), "a megabyte has come");
        process.Kill(tree: true);
        (await process.EndAsync()).ExitCode.ShouldBe(Killed);
    }

    [Fact]
    public async Task A_fault_is_for_the_cluster_that_it_names()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        stage.Host.Faults.Set(new("cli-crash", "namespace", new("demo", "other")));
        (await stage.RunAsync(Create)).ExitCode.ShouldBe(0);
        (await stage.RunAsync("vcluster", "create", "other", "-n", "demo", "--connect=false")).ExitCode.ShouldBe(1);
        stage.Host.Faults.Set(new("cli-crash", "namespace", new("own", "other")));
        (await stage.RunAsync("vcluster", "create", "other", "-n", "own", "--connect=false")).ExitCode.ShouldBe(Killed);
    }

    [Fact]
    public async Task No_host_but_a_sandbox_is_asked_for_faults()
    {
        await using var stage = await Stage.SetAsync();
        stage.Break("cli-crash", "namespace");
        (await stage.RunAsync(Create)).ExitCode.ShouldBe(0);
        stage.Host.Requests.All.ShouldNotContain(request => request.Path.Contains("sandbox", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Helm_goes_on_to_the_end_when_the_CLI_alone_is_killed()
    {
        await using var stage = await Stage.SetAsync();
        using var gate = new Gate(stage, "demo");
        stage.Environment[HelmFault.Variable] = gate.Fault;
        await using var process = stage.Start(Create);
        await gate.UntilReachedAsync();
        process.Kill(tree: false);
        gate.Open();
        await Stage.UntilAsync(async () => await StatusAsync(stage) == "deployed", "helm has ended");
        (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo")).ShouldNotBeNull();
        Directory
            .GetFiles(stage.Temporary, "vcluster-0.34.7.tgz-*")
            .ShouldNotBeEmpty("what a killed call leaves behind");
    }

    [Fact]
    public async Task Of_two_deletes_at_once_one_may_fail_and_the_cluster_is_gone()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        string[] delete = ["vcluster", "delete", "demo", "-n", "demo"];
        await using var first = stage.Start(delete);
        await using var second = stage.Start(delete);
        Outcome[] outcomes = [await first.EndAsync(), await second.EndAsync()];
        outcomes.ShouldContain(outcome => outcome.ExitCode == 0);
        (await stage.FindAsync(Kinds.Namespaces, "", "demo")).ShouldBeNull();
    }

    private static async Task<string?> StatusAsync(Stage stage)
    {
        var secret = await stage.FindAsync(Kinds.Secrets, "demo", "sh.helm.release.v1.demo.v1");
        return secret?["metadata"]?["labels"]?["status"]?.GetValue<string>();
    }
}
