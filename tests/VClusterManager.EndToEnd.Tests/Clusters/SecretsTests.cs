using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

public sealed class DebuggingServer : ServerFixture
{
    protected override (string Name, string Value)[] Settings => [("DEBUG", "true")];
}

public sealed class SecretsTests(DebuggingServer fixture) : ServerTest(fixture), IClassFixture<DebuggingServer>
{
    [Fact]
    public async Task The_admin_key_is_in_no_output_no_argument_list_and_no_environment_of_a_tool()
    {
        var seen = new HashSet<string>();
        var place = new ClusterPlace("discreet");
        await using var slow = await Control.FaultAsync("cli-slow", "2", place);
        var create = await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name });
        await WatchAsync(seen, async () => (await Server.Api.GetAsync(place.Name)).Status == ClusterStatus.Running);
        var delete = await Server.Api.DeleteAsync(place.Name);
        await WatchAsync(
            seen,
            async () => (await Server.Api.OperationAsync(delete.Id)).State == OperationState.Succeeded
        );

        seen.ShouldContain(line => line.Contains(" create discreet ", StringComparison.Ordinal));
        seen.ShouldContain(line => line.Contains(" delete discreet ", StringComparison.Ordinal));
        seen.ShouldAllBe(line => !line.Contains(Server.AdminKey, StringComparison.Ordinal));
        Server.Output.ShouldContain("dbug:");
        Server.Output.ShouldNotContain(Server.AdminKey);
        var log = await Server.Api.OperationLogAsync(create.Operation!.Id);
        log.ShouldContain("Runs vcluster create");
        log.ShouldNotContain(Server.AdminKey);
    }

    /// <summary>Collects the command lines of all processes, and the environments of the tools, until it is done.</summary>
    private async Task WatchAsync(HashSet<string> seen, Func<Task<bool>> done) =>
        await Eventually.SeesAsync(
            "it is done",
            async () =>
            {
                seen.UnionWith(ProcessTable.CommandLines());
                seen.UnionWith(ProcessTable.ToolsOf(Server).Select(tool => tool.Environment));
                return await done();
            },
            ended => ended
        );
}
