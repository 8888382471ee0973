using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>A server that runs one tool at a time.</summary>
public sealed class NarrowServer : ServerFixture
{
    protected override (string Name, string Value)[] Settings => [("VCM__VCLUSTER__MAX_PARALLEL", "1")];
}

public sealed class QueueTests(NarrowServer fixture) : ServerTest(fixture), IClassFixture<NarrowServer>
{
    [Fact]
    public async Task Clusters_are_made_one_at_a_time_in_the_order_in_which_they_were_asked_for()
    {
        ClusterPlace[] places = [new("first"), new("second"), new("third")];
        var creates = new List<string>();
        await using var slow = await Control.FaultAsync("cli-slow", "8", places[0]);
        foreach (var place in places)
        {
            creates.Add((await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id);
            await Control.CliRunsAsync(places[0]);
        }

        (await Server.Api.OperationAsync(creates[0])).QueuePosition.ShouldBeNull();
        (await Server.Api.OperationAsync(creates[1])).QueuePosition.ShouldBe(1);
        (await Server.Api.OperationAsync(creates[2])).QueuePosition.ShouldBe(2);
        (await Server.Api.GetAsync("third")).ShouldSatisfyAllConditions(
            third => third.Status.ShouldBe(ClusterStatus.Pending),
            third => third.Message.ShouldBe("Queued: number 2 in line.")
        );

        var ended = new List<Operation>();
        foreach (var create in creates)
        {
            ended.Add(await EndsAsync(Server, create));
        }

        ended.ShouldAllBe(operation => operation.State == OperationState.Succeeded);
        ended.Select(operation => operation.Started!.Value).ShouldBeInOrder();
        var runs = new List<(DateTimeOffset Begin, DateTimeOffset End)>();
        foreach (var place in places)
        {
            var requests = await Control.ToolRequestsAsync(place);
            runs.Add((requests.Min(request => request.Time), requests.Max(request => request.Time)));
        }

        // Never two at once: the requests of one run are over before those of the next begin.
        runs.Zip(runs.Skip(1)).ShouldAllBe(pair => pair.First.End < pair.Second.Begin);
    }
}
