using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>Several managers and databases on one host: each looks after what is its own, and one database after an instance.</summary>
public sealed class InstanceTests(HostFixture fixture, PostgresServer postgres)
    : EndToEndTest(fixture),
        IClassFixture<HostFixture>
{
    private static readonly (string, string) ShortLease = ("VCM__KUBERNETES__LEASE_DURATION", "6s");

    [Fact]
    public async Task A_second_database_changes_nothing_until_the_first_one_is_gone_and_takes_in_what_it_finds_then()
    {
        var first = await Fixture.StartServerAsync(("INSTANCE", "shared"), ShortLease);
        var place = await RunningAsync(first, "passed-on");
        var before = await HostInventory.TakeAsync(Host);
        var mine = await HolderAsync("shared");

        var second = await Fixture.StartServerAsync(("INSTANCE", "shared"), ShortLease);
        var writes = (await WritesAsync()).Count;
        var create = await second.SendAsync(HttpMethod.Post, "/api/clusters", new JsonObject { ["name"] = "never" });
        create.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        create.Detail.ShouldContain(mine);
        (await second.SendAsync(HttpMethod.Get, "/api/orphans")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ProblemsAsync(second)).ShouldContain(problem => problem.Contains(mine, StringComparison.Ordinal));
        (await second.Api.GetAsync(place.Name)).Managed.ShouldBeFalse();
        await Eventually.AlwaysAsync(
            TimeSpan.FromSeconds(8),
            async () => (await WritesAsync()).Skip(writes).Select(r => $"{r.Method} {r.Path}").ShouldBeEmpty()
        );
        (await HolderAsync("shared")).ShouldBe(mine);
        await HostInventory.ShouldBeBackAsync(Host, before);

        await first.KillAsync();
        await SeesAsync(second, place, "the second takes it in", seen => seen.Managed);
        (await HolderAsync("shared")).ShouldNotBe(mine);
        // The first one comes back to a host that is not its own any more.
        await first.StartAsync();
        (await first.SendAsync(HttpMethod.Delete, $"/api/clusters/{place.Name}")).Status.ShouldBe(
            HttpStatusCode.ServiceUnavailable
        );
        (await second.Api.DeleteAsync(place.Name, Wait)).State.ShouldBe(OperationState.Succeeded);

        await second.StopAsync();
        await first.StopAsync();
    }

    [Fact]
    public async Task Two_instances_leave_each_others_clusters_alone_and_see_no_orphans_in_them()
    {
        var blue = await Fixture.StartServerAsync(("INSTANCE", "blue"));
        var green = await Fixture.StartServerAsync(("INSTANCE", "green"));
        var ofBlue = await RunningAsync(blue, "of-blue");
        var ofGreen = await RunningAsync(green, "of-green");
        await MarkedNamespaceAsync("left-by-blue", "blue");

        foreach (var (server, other) in new[] { (blue, ofGreen), (green, ofBlue) })
        {
            await SeesAsync(server, other, "the other's is shown as not ours", seen => !seen.Managed);
            (await server.SendAsync(HttpMethod.Delete, $"/api/clusters/{other.Name}")).Status.ShouldBe(
                HttpStatusCode.Conflict
            );
            var adopted = await server.SendAsync(HttpMethod.Post, $"/api/clusters/{other.Name}/adopt");
            adopted.Status.ShouldBe(HttpStatusCode.Conflict);
            adopted.Detail.ShouldContain("belongs to the manager instance");
        }

        var orphan = (await OrphansAsync(blue)).ShouldHaveSingleItem()!;
        ((string?)orphan["name"]).ShouldBe("left-by-blue");
        (await OrphansAsync(green)).ShouldBeEmpty();
        (await green.SendAsync(HttpMethod.Delete, $"/api/orphans/{orphan["id"]}")).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await blue.SendAsync(HttpMethod.Delete, $"/api/orphans/{orphan["id"]}")).Status.ShouldBe(
            HttpStatusCode.Accepted
        );
        await Eventually.SeesAsync("it is gone", () => OrphansAsync(blue), orphans => orphans.Count == 0);

        (await blue.Api.GetAsync(ofBlue.Name)).Status.ShouldBe(ClusterStatus.Running);
        (await green.Api.GetAsync(ofGreen.Name)).Status.ShouldBe(ClusterStatus.Running);
        await blue.StopAsync();
        await green.StopAsync();
    }

    [Fact]
    public async Task A_lost_database_is_rebuilt_from_the_host_and_its_clusters_can_be_deleted_with_nothing_left()
    {
        var server = await Fixture.StartServerAsync(("INSTANCE", "forgetful"));
        var before = await HostInventory.TakeAsync(Host);
        var body =
            """{"name":"remembered","ttl_hours":7,"labels":{"team":"a"},"values":{"sync":{"toHost":{"ingresses":{"enabled":true}}}}}""";
        var made = await server.SendAsync(HttpMethod.Post, "/api/clusters", JsonNode.Parse(body), wait: 60);
        made.Status.ShouldBe(HttpStatusCode.Created);
        await Eventually.SeesAsync(
            "its end is marked on the host",
            () => Host.JsonAsync("get", "statefulset", "remembered", "-n", "vcluster-remembered"),
            set => set["metadata"]!["annotations"]!["vcluster-manager.io/expires-at"] is not null
        );
        var known = await server.Api.GetAsync("remembered", include: "values");

        // A clean stop gives the lease back: nobody has to wait.
        await server.StopAsync();
        Directory.Delete(Path.Combine(server.Folder, "data"), recursive: true);
        await server.StartAsync();

        var found = await server.Api.GetAsync("remembered", include: "values");
        found.ShouldSatisfyAllConditions(
            () => found.Id.ShouldBe(known.Id),
            () => found.Managed.ShouldBeTrue(),
            () => found.CreatedBy.ShouldBe(known.CreatedBy),
            () => found.Source.ShouldBe(known.Source),
            () => found.TtlHours.ShouldBe(7),
            () => found.ExpiresAt!.Value.ShouldBe(known.ExpiresAt!.Value, TimeSpan.FromSeconds(1)),
            () => found.Labels.ShouldBe(known.Labels),
            () => found.KubernetesVersion.ShouldBe(known.KubernetesVersion),
            () => JsonNode.DeepEquals(found.Values, known.Values).ShouldBeTrue($"{found.Values}")
        );
        (await server.Api.HistoryAsync("remembered")).History[0].Reason.ShouldBe("Rebuilt");
        (await OrphansAsync(server)).ShouldBeEmpty();
        server.Output.ShouldContain("1 clusters of this instance were taken in");

        (await server.Api.DeleteAsync("remembered", Wait)).State.ShouldBe(OperationState.Succeeded);
        await HostInventory.ShouldBeBackAsync(Host, before);
        await server.StopAsync();
    }

    [Fact]
    public async Task Replicas_share_the_lease_and_those_of_a_new_database_take_in_a_cluster_once()
    {
        var (lost, fresh) = (await DatabaseAsync(), await DatabaseAsync());
        var instance = ("INSTANCE", "replicated");
        var before = await Fixture.StartServerAsync(("DATABASE_URL", lost), instance, ShortLease);
        var beside = await Fixture.StartServerAsync(("DATABASE_URL", lost), instance, ShortLease);
        var place = await RunningAsync(before, "replicated");
        var holder = await HolderAsync("replicated");
        (await ProblemsAsync(beside)).ShouldNotContain(problem => problem.Contains(holder, StringComparison.Ordinal));
        var id = (await before.Api.GetAsync(place.Name)).Id;
        // A clean stop of one says nothing about the other.
        await before.StopAsync();
        await RunningAsync(beside, "by-the-other");
        await beside.KillAsync();

        var after = await Task.WhenAll(
            Fixture.StartServerAsync(("DATABASE_URL", fresh), instance, ShortLease),
            Fixture.StartServerAsync(("DATABASE_URL", fresh), instance, ShortLease)
        );
        foreach (var server in after)
        {
            var found = await SeesAsync(server, place, "it is taken in", seen => seen.Managed);
            found.Id.ShouldBe(id);
            (await server.Api.HistoryAsync(place.Name)).History.Count(e => e.Reason == "Rebuilt").ShouldBe(1);
        }

        await Task.WhenAll(after.Select(server => server.StopAsync()));
    }

    private async Task<string> DatabaseAsync() => PostgresServer.AddressOf(await postgres.CreateDatabaseAsync());

    private async Task<string> HolderAsync(string instance)
    {
        var lease = await Host.JsonAsync("get", "lease", $"vcluster-manager-{instance}", "-n", "default");
        return (string)lease["spec"]!["holderIdentity"]!;
    }

    /// <summary>What was changed on the host by anybody, but for leases.</summary>
    /// <summary>What was asked of the host that changes it; a review of the own rights is a question, though a POST.</summary>
    private async Task<IReadOnlyList<HostRequest>> WritesAsync() =>
        [
            .. (await Control.RequestsAsync()).Where(request =>
                request.Method is not ("GET" or "HEAD")
                && !request.Path.Contains("/leases", StringComparison.Ordinal)
                && !request.Path.StartsWith("/apis/authorization.k8s.io/", StringComparison.Ordinal)
            ),
        ];

    private static async Task<IReadOnlyList<string>> ProblemsAsync(ServerProcess server) =>
        [
            .. (await server.SendAsync(HttpMethod.Get, "/readyz")).Body!["problems"]!
                .AsArray()
                .Select(problem => (string)problem!),
        ];

    private static async Task<JsonArray> OrphansAsync(ServerProcess server)
    {
        var answer = await server.SendAsync(HttpMethod.Get, "/api/orphans");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Detail);
        return answer.Body!["orphans"]!.AsArray();
    }

    private async Task MarkedNamespaceAsync(string name, string instance)
    {
        await Host.RunAsync("create", "namespace", name);
        await Host.RunAsync(
            "label",
            "namespace",
            name,
            "app.kubernetes.io/managed-by=vcluster-manager",
            $"vcluster-manager.io/instance={instance}"
        );
    }
}
