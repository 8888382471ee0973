using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>A server that gives its tools little time.</summary>
public sealed class StrictServer : ServerFixture
{
    protected override (string Name, string Value)[] Settings => [("VCM__VCLUSTER__TIMEOUTS__COMMAND", "3s")];
}

public sealed class HangingToolTests(StrictServer fixture) : ServerTest(fixture), IClassFixture<StrictServer>
{
    [Fact]
    public async Task A_cli_that_hangs_is_ended_and_tried_again_and_then_given_up_with_the_reason()
    {
        // Both at once: they mostly wait.
        var polite = new ClusterPlace("hangs");
        var deaf = new ClusterPlace("hangs-deaf");
        await using var hang = await Control.FaultAsync("cli-hang", "", polite);
        await using var deafHang = await Control.FaultAsync("cli-hang", "ignore-sigterm", deaf);

        foreach (var place in new[] { polite, deaf })
        {
            await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name });
            await Eventually.HoldsAsync($"the CLI runs for {place.Name}", () => ToolsOf(place).Any());
        }

        foreach (var place in new[] { polite, deaf })
        {
            var failed = await SeesAsync(
                Server,
                place,
                $"{place.Name} is given up",
                seen => seen.Status == ClusterStatus.Failed,
                TimeSpan.FromSeconds(120)
            );
            failed.Message.ShouldMatch(@"vcluster CLI did not end within \d+ s and was stopped");
            ToolsOf(place).ShouldBeEmpty();
            var log = await Server.Api.OperationLogAsync(await LastOperationAsync(place));
            Regex.Count(log, "Runs vcluster create", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBe(3);
        }
    }

    private IEnumerable<string> ToolsOf(ClusterPlace place) =>
        ProcessTable
            .ToolsOf(Server)
            .Select(tool => tool.CommandLine)
            .Where(line => line.Contains($" {place.Namespace} ", StringComparison.Ordinal));

    private async Task<string> LastOperationAsync(ClusterPlace place)
    {
        var history = await Server.Api.HistoryAsync(place.Name);
        return history.History.First(entry => entry.Operation is not null).Operation!.Id;
    }
}
