using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.Operations.Events;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>What those hear who follow a cluster's life.</summary>
public sealed class EventTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task A_cluster_s_life_is_told_in_order_from_its_creation_to_its_end()
    {
        await using var follower = await FollowAsync("?cluster=told");

        await host.Editor.CreateRunningAsync("told");
        await host.Editor.SendAsync("PATCH", "/api/clusters/told", """{"labels":{"a":"b"}}""");
        (await host.Editor.DeleteAsync("/api/clusters/told?wait=60")).ShouldBe(200);

        List<(string Type, JsonNode Data)> told = [];
        while (told.Count == 0 || told[^1].Data["change"]?.GetValue<string>() != "deleted")
        {
            var one = (await follower.NextAsync()).ShouldNotBeNull("the stream ended");
            told.Add((one.EventType, JsonNode.Parse(one.Data)!));
        }
        var clusters = told.Where(t => t.Type == "cluster").Select(t => t.Data).ToList();
        clusters[0]["change"]!.GetValue<string>().ShouldBe("created");
        clusters
            .Select(c => c["status"]!.GetValue<string>())
            .Distinct()
            .ShouldBe(["Pending", "Provisioning", "Running", "Deleting"]);
        clusters.ShouldAllBe(c => c["name"]!.GetValue<string>() == "told");
        var ended = told.Where(t => t.Type == "operation" && t.Data["state"]!.GetValue<string>() == "succeeded");
        ended.Select(t => t.Data["kind"]!.GetValue<string>()).ShouldBe(["create", "delete"]);
    }

    [Fact]
    public async Task What_is_refused_is_no_event()
    {
        await using var follower = await FollowAsync("");

        (await host.Editor.PostAsync("/api/clusters", new { name = "9bad" })).ShouldBe(422);
        (await host.Editor.DeleteAsync("/api/clusters/nobody")).ShouldBe(404);
        await host.Editor.CreateAsync(new { name = "first-heard" });

        var first = (await follower.NextAsync())!.Value;
        first.EventType.ShouldBe("operation");
        JsonNode.Parse(first.Data)!["cluster"]!.ToString().ShouldContain("first-heard");
    }

    private async Task<EventFollower> FollowAsync(string query)
    {
        var answer = await host.Viewer.OpenAsync($"/api/events{query}");
        answer.EnsureSuccessStatusCode();
        return new EventFollower(answer, await answer.Content.ReadAsStreamAsync(ManagerHost.Cancellation));
    }
}
