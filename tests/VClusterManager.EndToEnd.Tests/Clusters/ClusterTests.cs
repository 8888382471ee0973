using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>What people do with clusters all day, and what others do to them behind the manager's back.</summary>
public sealed class ClusterTests(ServerFixture fixture) : ServerTest(fixture), IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("1abc", "letter")]
    [InlineData("Demo", "lower-case")]
    [InlineData("de_mo", "lower-case")]
    [InlineData("demo-", "end")]
    [InlineData("a123456789b123456789c123456789d123456789e12345678", "48")]
    [InlineData("", "required")]
    public async Task Names_that_would_only_fail_on_the_host_are_refused_and_nothing_is_stored(string name, string why)
    {
        var before = (await Server.Api.ListAsync()).Total;

        var refused = await Server.SendAsync(HttpMethod.Post, "/api/clusters", new JsonObject { ["name"] = name });

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body!["errors"]!["name"]!.ToJsonString().ShouldContain(why);
        (await Server.Api.ListAsync()).Total.ShouldBe(before);
        (await Server.SendAsync(HttpMethod.Get, "/api/operations?cluster=" + Uri.EscapeDataString(name))).Body![
            "operations"
        ]!
            .AsArray()
            .Where(operation => (string?)operation!["cluster"] == name)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Labels_and_time_to_live_change_without_the_cli_and_show_on_the_host()
    {
        var place = await RunningAsync(Server, "labelled");
        var ran = (await Control.ToolRequestsAsync(place)).Count;
        ran.ShouldBeGreaterThan(0);

        var patched = await Server.SendAsync(
            HttpMethod.Patch,
            "/api/clusters/labelled",
            JsonNode.Parse("""{"labels":{"team":"blue"},"ttl_hours":48}""")
        );
        var extended = await Server.SendAsync(
            HttpMethod.Post,
            "/api/clusters/labelled/extend",
            JsonNode.Parse("""{"ttl_hours":100}""")
        );

        patched.Status.ShouldBe(HttpStatusCode.OK);
        extended.Status.ShouldBe(HttpStatusCode.OK);
        var expires = (await Server.Api.GetAsync("labelled")).ExpiresAt!.Value.UtcDateTime;
        foreach (var kind in new[] { "namespace/" + place.Namespace, "statefulset/labelled" })
        {
            await Eventually.SeesAsync(
                $"the annotations of {kind} follow",
                async () => (await Host.JsonAsync("get", kind, "-n", place.Namespace))["metadata"]!["annotations"]!,
                marks =>
                    (string?)marks["vcluster-manager.io/labels"] == """{"team":"blue"}"""
                    && (string?)marks["vcluster-manager.io/expires-at"] == $"{expires:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            );
        }

        (await Control.ToolRequestsAsync(place)).Count.ShouldBe(ran);
        (await Server.Api.GetAsync("labelled")).ShouldSatisfyAllConditions(
            seen => seen.Status.ShouldBe(ClusterStatus.Running),
            seen => seen.Operation.ShouldBeNull(),
            seen => seen.Generation.ShouldBe(1)
        );
    }

    [Fact]
    public async Task Of_two_changes_of_values_the_second_wins_and_both_end_well()
    {
        var place = await RunningAsync(Server, "patched");
        await using var slow = await Control.FaultAsync("cli-slow", "2", place);

        var first = await PatchMemoryAsync("301Mi");
        await Eventually.SeesAsync(
            "the first change is being made",
            () => Server.Api.OperationAsync(first),
            operation => operation.State == OperationState.Running
        );
        var second = await PatchMemoryAsync("302Mi");
        second.ShouldNotBe(first);

        (await EndsAsync(Server, first)).State.ShouldBe(OperationState.Succeeded);
        (await EndsAsync(Server, second)).State.ShouldBe(OperationState.Succeeded);
        var set = await Host.JsonAsync("get", "statefulset", "patched", "-n", place.Namespace);
        var containers = set["spec"]!["template"]!["spec"]!["containers"]!;
        ((string?)containers[0]!["resources"]!["limits"]!["memory"]).ShouldBe("302Mi");
        (await Server.Api.GetAsync("patched")).ShouldSatisfyAllConditions(
            seen => seen.Status.ShouldBe(ClusterStatus.Running),
            seen => seen.ObservedGeneration.ShouldBe(seen.Generation)
        );
        var releases = await Host.ListAsync("secrets", place.Namespace, "owner=helm,status=deployed");
        releases.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_paused_cluster_sleeps_without_pods_and_wakes_with_what_was_in_it()
    {
        var place = await RunningAsync(Server, "sleepy");
        await InsideAsync(place, inside => inside.RunAsync("create", "configmap", "kept", "--from-literal=a=b"));
        var volume = await VolumeAsync(place);

        (await Server.Api.DoAsync("sleepy", "pause", Wait)).Status.ShouldBe(ClusterStatus.Sleeping);
        (await Host.ListAsync("pods", place.Namespace)).ShouldBeEmpty();
        (await VolumeAsync(place)).ShouldBe(volume);

        (await Server.Api.DoAsync("sleepy", "resume", Wait)).Status.ShouldBe(ClusterStatus.Running);
        (await VolumeAsync(place)).ShouldBe(volume);
        var kept = await InsideAsync(place, inside => inside.JsonAsync("get", "configmap", "kept"));
        ((string?)kept["data"]!["a"]).ShouldBe("b");
    }

    [Fact]
    public async Task A_workload_that_somebody_deletes_is_noticed_and_made_again_on_retry()
    {
        var place = await RunningAsync(Server, "robbed");

        await Host.RunAsync("delete", "statefulset", "robbed", "-n", place.Namespace);

        var failed = await BecomesAsync(Server, place, ClusterStatus.Failed);
        failed.Message.ShouldContain("workload has disappeared");
        failed.Message.ShouldContain("retry");
        (await Server.Api.DoAsync("robbed", "retry", Wait)).Status.ShouldBe(ClusterStatus.Running);
        (await Host.ListAsync("statefulsets", place.Namespace)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_that_somebody_pauses_and_resumes_with_the_cli_is_shown_so()
    {
        var place = await RunningAsync(Server, "foreign-nap");

        await Fixture.Sandbox.VClusterAsync("pause", "foreign-nap", "-n", place.Namespace);
        await BecomesAsync(Server, place, ClusterStatus.Sleeping);

        await Fixture.Sandbox.VClusterAsync("resume", "foreign-nap", "-n", place.Namespace);
        await BecomesAsync(Server, place, ClusterStatus.Running);
    }

    [Fact]
    public async Task A_cluster_made_by_somebody_else_is_shown_and_left_alone()
    {
        await Fixture.Sandbox.VClusterAsync("create", "theirs", "-n", "their-place", "--connect=false", "--add=false");
        var shown = await Eventually.SeesAsync(
            "the cluster is shown",
            () => Server.Api.ListAsync("managed=false"),
            list => list.Clusters.Any(cluster => cluster.Name == "theirs" && cluster.Status == ClusterStatus.Running)
        );
        shown.Clusters.ShouldAllBe(cluster => !cluster.Managed);
        var before = await HostInventory.TakeAsync(Host);

        var patched = await Server.SendAsync(
            HttpMethod.Patch,
            "/api/clusters/theirs",
            new JsonObject { ["labels"] = null }
        );
        var deleted = await Server.SendAsync(HttpMethod.Delete, "/api/clusters/theirs");

        patched.Status.ShouldBe(HttpStatusCode.Conflict);
        deleted.Status.ShouldBe(HttpStatusCode.Conflict);
        deleted.Detail.ShouldContain("not managed");
        await HostInventory.ShouldBeBackAsync(Host, before);
    }

    private async Task<string> PatchMemoryAsync(string memory)
    {
        var patch = JsonNode.Parse("""{"values":{"controlPlane":{"statefulSet":{"resources":{"limits":{}}}}}}""")!;
        patch["values"]!["controlPlane"]!["statefulSet"]!["resources"]!["limits"]!["memory"] = memory;
        var answer = await Server.SendAsync(HttpMethod.Patch, "/api/clusters/patched", patch);
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        var operations = await Server.SendAsync(HttpMethod.Get, "/api/operations?cluster=patched&limit=1");
        return (string)operations.Body!["operations"]![0]!["id"]!;
    }

    private async Task<string> VolumeAsync(ClusterPlace place)
    {
        var claims = await Host.ListAsync("persistentvolumeclaims", place.Namespace);
        return (string)claims.ShouldHaveSingleItem()["metadata"]!["uid"]!;
    }

    private async Task<T> InsideAsync<T>(ClusterPlace place, Func<Kubectl, Task<T>> act) =>
        await act(await Server.InsideAsync(place));
}
