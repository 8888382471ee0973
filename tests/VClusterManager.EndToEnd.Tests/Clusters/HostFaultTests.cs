using System.Net;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>A server that looks at problems for a short time only.</summary>
public sealed class ImpatientServer : ServerFixture
{
    protected override (string Name, string Value)[] Settings =>
        [("VCM__VCLUSTER__TIMEOUTS__PROBLEM", "4s"), ("VCM__VCLUSTER__TIMEOUTS__GONE", "6s")];
}

/// <summary>What goes wrong on the host is said in words that a person can act on, while it goes on.</summary>
public sealed class HostFaultTests(ImpatientServer fixture) : ServerTest(fixture), IClassFixture<ImpatientServer>
{
    [Theory]
    [InlineData("image-error", @"Image \S+kubernetes:v\S+ cannot be pulled: ")]
    [InlineData("pending-volume", @"Volume claim data-\S+-0 waits for a StorageClass: the host has no default")]
    [InlineData("crash-loop", @"Container syncer of pod \S+-0 crashes again and again")]
    [InlineData("quota", @"The host refuses to make its pod: .*exceeded quota")]
    public async Task A_problem_is_told_then_given_up_and_mended_when_its_cause_is_gone(string fault, string words)
    {
        var place = new ClusterPlace($"has-{fault}");
        await using var problem = await Control.FaultAsync(fault, "", place);
        var create = (await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name })).Operation!.Id;

        await SeesAsync(
            Server,
            place,
            $"the message tells of {fault} while the create goes on",
            seen =>
                seen is { Status: ClusterStatus.Provisioning }
                && System.Text.RegularExpressions.Regex.IsMatch(seen.Message, words, default, TimeSpan.FromSeconds(1))
        );
        var failed = await BecomesAsync(Server, place, ClusterStatus.Failed);
        failed.Message.ShouldMatch(words);
        (await Server.Api.OperationAsync(create)).State.ShouldBe(OperationState.Failed);

        await problem.LiftAsync();

        await BecomesAsync(Server, place, ClusterStatus.Running);
    }

    [Fact]
    public async Task A_delete_that_is_held_says_by_what_and_ends_when_it_is_let_go()
    {
        var before = await HostInventory.TakeAsync(Host);
        var place = new ClusterPlace("held");
        await using var stuck = await Control.FaultAsync("stuck-finalizer", "", place);
        await RunningAsync(Server, place.Name);

        var delete = await Server.Api.DeleteAsync(place.Name);
        var held = await SeesAsync(
            Server,
            place,
            "the message names what is left and what holds it",
            seen => seen.Message.Contains("data-held-0 (held by ", StringComparison.Ordinal)
        );
        held.Status.ShouldBe(ClusterStatus.Deleting);
        (await EndsAsync(Server, delete.Id)).State.ShouldBe(OperationState.Failed);
        var failed = await BecomesAsync(Server, place, ClusterStatus.Failed);
        failed.Message.ShouldContain("data-held-0");

        await stuck.LiftAsync();
        var again = await Server.Api.DeleteAsync(place.Name, Wait);

        again.Id.ShouldNotBe(delete.Id);
        again.State.ShouldBe(OperationState.Succeeded);
        await IsGoneAsync(Server, place);
        await HostInventory.ShouldBeBackAsync(Host, before);
    }

    [Fact]
    public async Task A_forced_delete_removes_what_only_finalizers_hold_and_says_so()
    {
        var before = await HostInventory.TakeAsync(Host);
        var place = new ClusterPlace("forced");
        await using var stuck = await Control.FaultAsync("stuck-finalizer", "", place);
        await RunningAsync(Server, place.Name);
        // Nobody's, and held by nobody who will come: the namespace is stuck with it.
        await Host.RunAsync("create", "-f", await HeldAsync(place));
        (await Server.Api.DeleteAsync(place.Name, Wait)).State.ShouldBe(OperationState.Failed);

        var forced = await Server.SendAsync(HttpMethod.Delete, $"/api/clusters/{place.Name}?force=true", wait: 60);

        forced.Status.ShouldBe(HttpStatusCode.OK, forced.Detail);
        await IsGoneAsync(Server, place);
        await HostInventory.ShouldBeBackAsync(Host, before);
        var log = await Server.TextAsync($"/api/operations/{forced.Body!["id"]}/log");
        log.ShouldContain(
            "Forced: removes the finalizers of PersistentVolumeClaim vcluster-forced/data-forced-0 (held by "
        );
        log.ShouldContain(
            "Forced: removes the finalizers of LimitRange vcluster-forced/held (held by example.com/held)"
        );
    }

    private async Task<string> HeldAsync(ClusterPlace place)
    {
        var path = Path.Combine(Fixture.Sandbox.Folder, "held-by-nobody.json");
        await File.WriteAllTextAsync(
            path,
            $$"""
            {
              "apiVersion": "v1", "kind": "LimitRange",
              "metadata": {"name": "held", "namespace": "{{place.Namespace}}", "finalizers": ["example.com/held"]},
              "spec": {"limits": []}
            }
            """
        );
        return path;
    }
}
