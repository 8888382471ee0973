using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Orphans;

/// <summary>What has lost its owner on a host is found, taken away or taken back, one by one.</summary>
public sealed class OrphanTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task A_cluster_whose_row_was_lost_is_listed_and_can_be_adopted_with_its_id()
    {
        var id = (await host.Editor.CreateRunningAsync("adoptable")).Text("id");
        (await OrphansAsync("vcluster-adoptable")).ShouldBeEmpty();
        var values = """{"values":{"sync":{"toHost":{"pods":{"enabled":true}}}}}""";
        (await host.Editor.PatchAsync("/api/clusters/adoptable?wait=60", values)).ShouldBe(200);
        await LoseRowAsync(id);

        var orphan = (await OrphansAsync("vcluster-adoptable")).ShouldHaveSingleItem();
        orphan.Text("kind").ShouldBe("workload");
        orphan.Text("cluster_id").ShouldBe(id);
        orphan["cluster_deleted"].ShouldBeNull();
        orphan["deleting"]!.GetValue<bool>().ShouldBeFalse();
        orphan.Time("created").ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow());

        var adopted = (await host.Admin.PostAsync("/api/clusters/adoptable/adopt")).ShouldBe(201).Json;
        adopted.Text("id").ShouldBe(id);
        adopted.Text("source").ShouldBe("adopted");
        (adopted.Number("generation"), adopted.Number("observed_generation")).ShouldBe((2, 2));
        adopted["expires_at"].ShouldBeNull();
        (await OrphansAsync("vcluster-adoptable")).ShouldBeEmpty();
        var own = (await host.Editor.GetAsync("/api/clusters/adoptable?include=values")).Json["values"]!;
        own.ToJsonString().ShouldBe("""{"sync":{"toHost":{"pods":{"enabled":true}}}}""");
        (await host.Editor.DeleteAsync("/api/clusters/adoptable?wait=60")).ShouldBe(200);
        (await OrphansAsync("vcluster-adoptable")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_that_is_remembered_as_deleted_and_is_still_there_can_be_adopted_too()
    {
        var made = await host.Editor.CreateRunningAsync("undeleted");
        var id = made.Text("id");
        await PretendDeletedAsync(id);
        await Wait.UntilAsync(async () => (await OrphansAsync("vcluster-undeleted")).Count == 1);
        (await OrphansAsync("vcluster-undeleted"))[0].Time("cluster_deleted");

        var adopted = (await host.Admin.PostAsync("/api/clusters/undeleted/adopt")).ShouldBe(201).Json;

        adopted.Text("id").ShouldBe(id);
        adopted.Text("created_by").ShouldBe("editor");
        adopted["expires_at"].ShouldBeNull();
        (await host.Editor.UntilAsync("undeleted", "Running"))["managed"]!.GetValue<bool>().ShouldBeTrue();
        (await host.Viewer.GetAsync("/api/clusters?q=undeleted")).Json.Number("total").ShouldBe(1);
        (await host.Admin.PostAsync("/api/clusters/undeleted/adopt")).ShouldBeProblem(409);
        (await host.Editor.DeleteAsync("/api/clusters/undeleted?wait=60")).ShouldBe(200);
        (await host.Viewer.GetAsync("/api/clusters/undeleted")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task A_workload_goes_with_its_release_then_what_it_left_and_its_namespace_last()
    {
        await LoseRowAsync((await host.Editor.CreateRunningAsync("unravelled")).Text("id"));

        await TakeAwayAsync("vcluster-unravelled", "workload", "unravelled");
        await Wait.UntilAsync(async () =>
            (await OrphansAsync("vcluster-unravelled")).Any(o => o.Text("kind") == "namespace")
        );
        var home = (await OrphansAsync("vcluster-unravelled")).Single(o => o.Text("kind") == "namespace");
        foreach (var left in (await OrphansAsync("vcluster-unravelled")).Where(o => o.Text("kind") != "namespace"))
        {
            left.Text("kind").ShouldBeOneOf("volume", "config_map", "secret");
            (await host.Admin.DeleteAsync($"/api/orphans/{left.Text("id")}")).ShouldBe(202);
        }

        (await host.Admin.DeleteAsync($"/api/orphans/{home.Text("id")}")).ShouldBe(202);
        await Wait.UntilAsync(async () => (await OrphansAsync("vcluster-unravelled")).Count == 0);
        (await host.Admin.DeleteAsync($"/api/orphans/{home.Text("id")}")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task A_release_without_its_workload_is_uninstalled()
    {
        var id = (await host.Editor.CreateRunningAsync("hollow")).Text("id");
        await LoseRowAsync(id);
        var key = new NamespacedName("vcluster-hollow", "hollow");
        var workload = View.Find(key).Workload!;
        var trace = new HostTrace("StatefulSet", key.Namespace, key.Name, workload.Uid, Deleting: false, []);
        (await Writes.DeleteAsync(trace, ManagerHost.Cancellation)).ShouldBeOfType<HostWrite.Done>();
        await Wait.UntilAsync(() => View.Find(key).Workload is null);

        await TakeAwayAsync("vcluster-hollow", "release", "hollow");

        View.Find(key).Releases.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_namespace_with_something_of_others_is_kept_and_what_that_is_is_named()
    {
        await host.MakeNamespaceAsync("left-behind");
        await MarkAsync("left-behind", "rest");
        await MakeConfigMapAsync("left-behind", "notes");
        var orphan = (await OrphansAsync("left-behind")).ShouldHaveSingleItem();
        var path = $"/api/orphans/{orphan.Text("id")}";

        (await host.Editor.DeleteAsync(path)).ShouldBeProblem(403);
        (await host.Admin.DeleteAsync(path)).ShouldBeProblem(409).Detail.ShouldContain("ConfigMap left-behind/notes");

        View.Find(new NamespacedName("left-behind", "x")).Namespace!.Terminating.ShouldBeFalse();
    }

    [Fact]
    public async Task What_another_instance_or_nobody_has_marked_is_no_orphan()
    {
        await host.MakeNamespaceAsync("of-others");
        await MarkAsync("of-others", "another");
        await host.MakeUnmanagedAsync("by-hand", "byhand");

        (await OrphansAsync("of-others")).ShouldBeEmpty();
        (await OrphansAsync("by-hand")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Volumes_that_were_kept_are_listed_with_the_cluster_they_were_of()
    {
        await host.Editor.CreateRunningAsync("keeper");
        (await host.Editor.DeleteAsync("/api/clusters/keeper?keep_volumes=true&wait=60")).ShouldBe(200);

        var volume = (await OrphansAsync("vcluster-keeper")).Single(o => o.Text("kind") == "volume");

        (volume.Text("cluster"), volume.Text("name")).ShouldBe(("keeper", "data-keeper-0"));
        volume.Time("cluster_deleted");
        volume.Text("reason").ShouldStartWith("It was kept when its cluster was deleted");
    }

    [Fact]
    public async Task They_are_listed_page_by_page()
    {
        foreach (var name in new[] { "paged-c", "paged-a", "paged-b" })
        {
            await host.MakeNamespaceAsync(name);
            await MarkAsync(name, "rest");
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (
                await host.Viewer.GetAsync($"/api/orphans?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}")
            )
                .ShouldBe(200)
                .Json;
            seen.Add(page["orphans"]!.AsArray().ShouldHaveSingleItem().Text("namespace"));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        seen.ShouldBeInOrder();
        seen.Where(name => name.StartsWith("paged-", StringComparison.Ordinal))
            .ShouldBe(["paged-a", "paged-b", "paged-c"]);
        (await host.Viewer.GetAsync("/api/orphans?cursor=bm9uZQ")).ShouldBeInvalid("cursor");
        (await host.Anonymous.GetAsync("/api/orphans")).ShouldBeProblem(401);
        (await host.Admin.DeleteAsync("/api/orphans/nothing")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task A_cluster_whose_namespace_somebody_deletes_says_so()
    {
        await host.Editor.CreateRunningAsync("homeless");
        var home = View.Find(new NamespacedName("vcluster-homeless", "homeless")).Namespace!;

        (
            await Writes.DeleteNamespaceAsync(home.Name, home.Uid, ManagerHost.Cancellation)
        ).ShouldBeOfType<HostWrite.Done>();

        var failed = await host.Editor.UntilAsync("homeless", "Failed");
        failed.Text("message").ShouldContain("disappeared");
        (await OrphansAsync("vcluster-homeless")).ShouldBeEmpty();
    }

    private HostView View => host.Services.GetRequiredService<HostView>();

    private HostWrites Writes => host.Services.GetRequiredService<HostWrites>();

    /// <summary>Those of one namespace.</summary>
    private async Task<IReadOnlyList<JsonNode>> OrphansAsync(string ns)
    {
        var answer = (await host.Viewer.GetAsync("/api/orphans?limit=500")).ShouldBe(200);
        return [.. answer.Json["orphans"]!.AsArray().Select(o => o!).Where(o => o.Text("namespace") == ns)];
    }

    private async Task TakeAwayAsync(string ns, string kind, string name)
    {
        var orphan = (await OrphansAsync(ns)).Single(o => o.Text("kind") == kind);
        orphan.Text("name").ShouldBe(name);
        var gone = (await host.Admin.DeleteAsync($"/api/orphans/{orphan.Text("id")}")).ShouldBe(202).Json;
        gone["deleting"]!.GetValue<bool>().ShouldBeTrue();
        await Wait.UntilAsync(async () => (await OrphansAsync(ns)).All(o => o.Text("kind") != kind));
    }

    /// <summary>As if the database had never known it.</summary>
    private async Task LoseRowAsync(string id)
    {
        var guid = Guid.Parse(id);
        await host.Stores.TransactAsync(
            store => store.Clusters.Where(c => c.Id == guid).ExecuteDeleteAsync(ManagerHost.Cancellation),
            ManagerHost.Cancellation
        );
        await host.Services.GetRequiredService<ClusterView>().ReloadAsync(ManagerHost.Cancellation);
    }

    /// <summary>As a host looks that was restored from a backup: the delete came after what is there.</summary>
    private async Task PretendDeletedAsync(string id)
    {
        var guid = Guid.Parse(id);
        await host.Stores.TransactAsync(
            async store =>
            {
                var row = (await store.Clusters.FindAsync([guid], ManagerHost.Cancellation))!;
                row.DeletedAt = TimeProvider.System.GetUtcNow();
                row.Phase = Server.Storage.ClusterPhase.Deleted;
                row.Desired = Server.Storage.DesiredState.Deleted;
            },
            ManagerHost.Cancellation
        );
        await host.Services.GetRequiredService<ClusterView>().ReloadAsync(ManagerHost.Cancellation);
    }

    private async Task MarkAsync(string ns, string instance)
    {
        var home = View.Find(new NamespacedName(ns, "x")).Namespace!;
        var marked = await Writes.StampNamespaceAsync(
            home,
            ClusterStamps.Labels(instance),
            new Dictionary<string, string>(),
            ManagerHost.Cancellation
        );
        marked.ShouldBeOfType<HostWrite.Done>();
        await Wait.UntilAsync(() => View.Find(new NamespacedName(ns, "x")).Namespace!.Labels.Count > 1);
    }

    private async Task MakeConfigMapAsync(string ns, string name)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        };
        var made = await host
            .Services.GetRequiredService<HostApi>()
            .WriteAsync(HttpMethod.Post, HostResource.ConfigMap.Collection(ns), body, ManagerHost.Cancellation);
        made.ShouldBeOfType<HostWrite.Done>();
    }
}
