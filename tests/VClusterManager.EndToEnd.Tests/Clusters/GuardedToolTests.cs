using System.Diagnostics;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>No tool outlives its server, and none is disturbed before it ends.</summary>
public sealed class GuardedToolTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("middle", 2)]
    [InlineData("ignore-sigterm", 1)]
    public async Task The_tools_of_a_killed_server_are_gone_before_another_may_begin_and_their_files_with_them(
        string hang,
        int tools
    )
    {
        var server = await Fixture.StartServerAsync();
        var place = new ClusterPlace($"guarded-{hang}");
        await using var hanging = await Control.FaultAsync("cli-hang", hang, place);
        await server.Api.CreateAsync(new ClusterCreate { Name = place.Name });
        // In the middle: vcluster, and the helm that it has started.
        await Eventually.HoldsAsync("the tools run", () => ProcessTable.ToolsOf(server).Count == tools);
        FoldersOf(server).ShouldHaveSingleItem();

        await server.KillAsync();

        // Much longer than the second that it takes, for a machine that is busy; far less than a claim holds.
        await Eventually.HoldsAsync(
            "the tools are gone",
            () => ProcessTable.ToolsOf(server).Count == 0,
            TimeSpan.FromSeconds(6)
        );
        await Eventually.HoldsAsync("their folder is gone", () => FoldersOf(server).Length == 0);
        await Eventually.HoldsAsync("the guardian is gone", () => ProcessTable.GuardiansOf(server).Count == 0);
    }

    [Fact]
    public async Task A_guardian_that_is_killed_is_followed_by_another_and_the_tools_notice_nothing()
    {
        var server = await Fixture.StartServerAsync();
        var place = new ClusterPlace("guardian-dies");
        await using var slow = await Control.FaultAsync("cli-slow", "3", place);
        var create = (await server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;
        await Control.CliRunsAsync(place);
        var first = ProcessTable.GuardiansOf(server).ShouldHaveSingleItem();

        Process.GetProcessById(first).Kill();

        (await EndsAsync(server, create)).State.ShouldBe(OperationState.Succeeded);
        (await Control.CreatesAsync(place)).ShouldBe(1);
        await slow.LiftAsync();
        await RunningAsync(server, "guardian-died");
        ProcessTable.GuardiansOf(server).ShouldHaveSingleItem().ShouldNotBe(first);
        await server.StopAsync();
        ProcessTable.GuardiansOf(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_terminal_sends_to_the_whole_group_lets_the_tools_come_to_their_end()
    {
        var server = Fixture.AddServer();
        server.LeadsGroup = true;
        await server.StartAsync();
        var place = new ClusterPlace("group");
        await using var slow = await Control.FaultAsync("cli-slow", "3", place);
        await server.Api.CreateAsync(new ClusterCreate { Name = place.Name });
        await Control.CliRunsAsync(place);

        (await server.StopGroupAsync()).ShouldBe(0);

        (await Control.CreatesAsync(place)).ShouldBe(1);
        ProcessTable.ToolsOf(server).ShouldBeEmpty();
        ProcessTable.GuardiansOf(server).ShouldBeEmpty();
    }

    private static string[] FoldersOf(ServerProcess server) =>
        Directory.GetDirectories(Path.Combine(server.Folder, "tmp"), "vcluster-manager-*");
}
