using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>The command line tools die in the middle of their work.</summary>
public sealed class ToolFaultTests(ServerFixture fixture) : ServerTest(fixture), IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("cli-crash", "namespace", "Runs vcluster create\\.")]
    [InlineData("cli-crash", "release", "stuck in pending-install")]
    [InlineData("cli-crash", "half", "stuck in pending-install")]
    [InlineData("cli-crash", "workload", "stuck in pending-install")]
    [InlineData("helm-lock", "", "stuck in pending-install")]
    public async Task A_create_whose_tools_die_is_carried_on_and_ends_running(
        string fault,
        string where,
        string mending
    )
    {
        var place = new ClusterPlace($"dies-{fault}-{where}".TrimEnd('-'));
        await using var dying = await Control.FaultAsync(fault, where, place);
        var create = (await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;
        await HasFailedOnceAsync(create);

        await dying.LiftAsync();

        (await EndsAsync(Server, create)).State.ShouldBe(OperationState.Succeeded);
        (await Server.Api.GetAsync(place.Name)).Status.ShouldBe(ClusterStatus.Running);
        var log = await Server.Api.OperationLogAsync(create);
        Regex.Count(log, "Runs vcluster create", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeGreaterThan(1);
        log.ShouldMatch(mending);
        var release = (await Host.ListAsync("secrets", place.Namespace, "owner=helm")).ShouldHaveSingleItem();
        ((string?)release["metadata"]!["labels"]!["status"]).ShouldBe("deployed");
    }

    [Fact]
    public async Task An_upgrade_whose_tools_die_is_rolled_back_and_made_again()
    {
        var place = await RunningAsync(Server, "dies-upgrading");
        await using var dying = await Control.FaultAsync("helm-lock", "", place);
        var patch = """{"values":{"controlPlane":{"statefulSet":{"resources":{"limits":{"memory":"303Mi"}}}}}}""";
        await Server.SendAsync(
            HttpMethod.Patch,
            $"/api/clusters/{place.Name}",
            System.Text.Json.Nodes.JsonNode.Parse(patch)
        );
        var update = (await Server.Api.GetAsync(place.Name)).Operation!.Id;
        await HasFailedOnceAsync(update);

        await dying.LiftAsync();

        (await EndsAsync(Server, update)).State.ShouldBe(OperationState.Succeeded);
        (await Server.Api.OperationLogAsync(update)).ShouldContain("stuck in pending-upgrade");
        var set = await Host.JsonAsync("get", "statefulset", place.Name, "-n", place.Namespace);
        var container = set["spec"]!["template"]!["spec"]!["containers"]![0]!;
        ((string?)container["resources"]!["limits"]!["memory"]).ShouldBe("303Mi");
        (await Host.ListAsync("secrets", place.Namespace, "owner=helm,status=deployed")).ShouldHaveSingleItem();
    }

    /// <summary>A tool has run to its end, and that was not a good one: only then may the fault be lifted.</summary>
    private Task HasFailedOnceAsync(string operation) =>
        Eventually.SeesAsync(
            "the tools have died",
            () => Server.Api.OperationAsync(operation),
            seen =>
                seen.Steps.Any(step =>
                    step.Name == "install" && !step.Message.StartsWith("Runs ", StringComparison.Ordinal)
                )
        );
}
