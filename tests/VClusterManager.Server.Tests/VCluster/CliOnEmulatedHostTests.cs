using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Tests.Kubernetes;
using VClusterManager.Server.Tests.Processes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

/// <summary>The stand-in for the CLI refuses what the real one refuses: so our calls are ones that it takes.</summary>
public sealed class CliOnEmulatedHostTests : IAsyncLifetime
{
    private static readonly NamespacedName Demo = new("team-a", "demo");
    private readonly ToolBench _bench = new("DOTNET_*");
    private EmulatedWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await EmulatedWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _bench.Dispose();
    }

    // Built beside these tests, in the same configuration.
    private static string StandIn(string tool)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, "VCluster.StandIn", here.Name, tool);
    }

    private async Task<ObservedCluster> LookAsync() =>
        (await _world.Reads.LookAsync(Demo, CancellationToken.None))
            .ShouldBeOfType<HostAnswer<ObservedCluster>.Found>()
            .Value;

    [Fact]
    public async Task A_cluster_goes_through_all_of_its_verbs()
    {
        var options = TestOptions.VCluster with { Executable = StandIn("vcluster"), Helm = StandIn("helm") };
        var cli = new VClusterCli(_bench.Runner, new ToolLocations(options), _world.Configuration, options);
        var cancellation = CancellationToken.None;
        var none = new Dictionary<string, string>();
        await _world.Writes.CreateNamespaceAsync("team-a", none, none, cancellation);

        var owner = new Dictionary<string, string> { ["example.com/owner"] = "me" };
        var values = VClusterValues.Render([], null, "v1.34.0", owner, owner);
        (await cli.CreateAsync(Demo, values, upgrade: false, Ignore, cancellation)).ShouldSatisfy(CliVerdict.Done);
        (await cli.CreateAsync(Demo, values, upgrade: false, Ignore, cancellation)).ShouldSatisfy(
            CliVerdict.AlreadyExists
        );
        var made = await LookAsync();
        made.Workload!.KubernetesImageTag.ShouldBe("v1.34.0");
        made.Workload.Labels["example.com/owner"].ShouldBe("me");
        made.Workload.Annotations["example.com/owner"].ShouldBe("me");
        made.Releases.ShouldHaveSingleItem().Status.ShouldBe("deployed");

        (await cli.PauseAsync(Demo, Ignore, cancellation)).ShouldSatisfy(CliVerdict.Done);
        (await LookAsync()).Workload!.Paused.ShouldBeTrue();
        (await cli.ResumeAsync(Demo, Ignore, cancellation)).ShouldSatisfy(CliVerdict.Done);
        (await cli.ResumeAsync(Demo, Ignore, cancellation)).ShouldSatisfy(CliVerdict.NotPausedOrUnreadable);

        var newer = VClusterValues.Render([], null, "v1.35.0", owner, owner);
        (await cli.CreateAsync(Demo, newer, upgrade: true, Ignore, cancellation)).ShouldSatisfy(CliVerdict.Done);
        var upgraded = await LookAsync();
        upgraded.Workload!.KubernetesImageTag.ShouldBe("v1.35.0");
        upgraded.Releases.Select(r => r.Revision).ShouldBe([2, 1]);

        (await cli.DeleteAsync(Demo, keepVolumes: false, Ignore, cancellation)).ShouldSatisfy(CliVerdict.Done);
        (await cli.DeleteAsync(Demo, keepVolumes: false, Ignore, cancellation)).ShouldSatisfy(
            CliVerdict.NotFoundOrUnreadable
        );
        var gone = await LookAsync();
        gone.Releases.ShouldBeEmpty();
        gone.Namespace.ShouldNotBeNull("it is ours to delete");
    }

    [Fact]
    public async Task A_release_is_taken_away_by_helm()
    {
        var options = TestOptions.VCluster with { Executable = StandIn("vcluster"), Helm = StandIn("helm") };
        var cli = new VClusterCli(_bench.Runner, new ToolLocations(options), _world.Configuration, options);
        var none = new Dictionary<string, string>();
        await _world.Writes.CreateNamespaceAsync("team-a", none, none, CancellationToken.None);
        await cli.CreateAsync(Demo, "{}", upgrade: false, Ignore, CancellationToken.None);

        (await cli.UninstallReleaseAsync(Demo, Ignore, CancellationToken.None)).ShouldSatisfy(CliVerdict.Done);
        (await cli.UninstallReleaseAsync(Demo, Ignore, CancellationToken.None)).ShouldSatisfy(
            CliVerdict.ReleaseMissing
        );
    }

    private static void Ignore(ToolLine line) { }
}

internal static class CliResultAssertions
{
    public static void ShouldSatisfy(this CliResult result, CliVerdict verdict) =>
        result.Verdict.ShouldBe(verdict, $"{result.Message}\n{result.Run.Output}\n{result.Run.Error}");
}
