using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Each endpoint of the shipped file, served by a real kubectl on the emulated host (<c>eng/tools.sh</c> brings it in).</summary>
public sealed class ShippedEndpointsTests(DynamicHost host) : IClassFixture<DynamicHost>
{
    private const string Base = "/api/dynamic";

    /// <summary>One that is added to the file has to be called here.</summary>
    [Fact]
    public async Task Every_shipped_endpoint_is_called_below()
    {
        var listed = (await host.Admin.GetAsync(Base)).ShouldBe(200).Json["endpoints"]!.AsArray();

        listed
            .Select(e => e.Text("name"))
            .ShouldBe([
                "nodes",
                "namespaces",
                "pods",
                "events",
                "pod-logs",
                "rollout-status",
                "describe-cluster",
                "cluster-pods",
                "apply",
            ]);
    }

    [Fact]
    public async Task Nodes_and_namespaces()
    {
        (await host.Viewer.GetAsync($"{Base}/nodes")).ShouldBe(200).Json["items"]!.AsArray().ShouldNotBeEmpty();
        (await host.Viewer.GetAsync($"{Base}/namespaces")).ShouldBe(200).Json["items"]!
            .AsArray()
            .Select(n => n!["metadata"].Text("name"))
            .ShouldContain("kube-system");
    }

    [Fact]
    public async Task Pods_logs_events_rollout_and_description_of_a_cluster()
    {
        var name = Rows.UniqueName();
        await host.Admin.CreateRunningAsync(name);
        var ns = $"{Base}/namespaces/vcluster-{name}";

        var pods = (await host.Viewer.GetAsync($"{ns}/pods")).ShouldBe(200).Json["items"]!.AsArray();
        pods.Select(p => p!["metadata"].Text("name")).ShouldContain($"{name}-0");
        (await host.Viewer.GetAsync($"{ns}/pods?selector=nothing%3Dhere")).ShouldBe(200).Json["items"]!
            .AsArray()
            .ShouldBeEmpty();
        (await host.Viewer.GetAsync($"{ns}/events")).ShouldBe(200).Json.Text("kind").ShouldBe("List");
        var logs = await host.Editor.GetAsync($"{ns}/pods/{name}-0/logs?tail=3&container=syncer");
        logs.ShouldBe(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeInRange(1, 3);
        (await host.Viewer.GetAsync($"{ns}/pods/{name}-0/logs")).ShouldBeProblem(403);
        (await host.Viewer.GetAsync($"{ns}/rollouts/statefulset/{name}"))
            .ShouldBe(200)
            .Text.ShouldContain("partitioned roll out complete", Case.Insensitive);
        var described = await host.Editor.GetAsync($"{ns}/clusters/{name}/describe");
        described.ShouldBe(200).Json.ToJsonString().ShouldContain(name);
    }

    [Fact]
    public async Task Manifests_are_applied_inside_a_cluster_and_a_dry_run_keeps_nothing()
    {
        var name = Rows.UniqueName();
        await host.Admin.CreateRunningAsync(name);
        var apply = $"{Base}/clusters/{name}/apply?cluster_namespace=vcluster-{name}";

        (await SendAsync($"{apply}&dry_run=server", Manifest))
            .ShouldBe(200)
            .Text.ShouldContain("created (server dry run)");
        (await SendAsync(apply, Manifest)).ShouldBe(200).Text.ShouldContain("pod/web created");
        (await SendAsync(apply, Manifest)).ShouldBe(200).Text.ShouldContain("pod/web");
        (await SendAsync(apply, "not: [a manifest")).ShouldBeInvalid("body");
        (await SendAsync(apply, "")).ShouldBeInvalid("body");

        var pods = (await host.Viewer.GetAsync($"{Base}/clusters/{name}/namespaces/default/pods")).ShouldBe(200);
        pods.Json["items"]!.AsArray().Select(p => p!["metadata"].Text("name")).ShouldBe(["web"]);
        // Inside, and not on the host.
        (await host.Viewer.GetAsync($"{Base}/namespaces/default/pods")).ShouldBe(
            200
        ).Json["items"]!.AsArray().Select(p => p!["metadata"].Text("name")).ShouldNotContain("web");
    }

    [Fact]
    public async Task A_cluster_that_sleeps_is_to_be_woken_first()
    {
        var name = Rows.UniqueName();
        await host.Admin.CreateRunningAsync(name);
        (await host.Admin.PostAsync($"/api/clusters/{name}/pause?wait=60")).ShouldBe(200);

        (await host.Viewer.GetAsync($"{Base}/clusters/{name}/namespaces/default/pods"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("resume");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await host.Editor.GetAsync($"{Base}/namespaces/default/pods/none/logs")).ShouldBeProblem(404);
        (await host.Viewer.GetAsync($"{Base}/namespaces/default/rollouts/deployment/none")).ShouldBeProblem(404);
        (await host.Editor.GetAsync($"{Base}/namespaces/default/clusters/none/describe")).ShouldBeProblem(404);
        (await host.Viewer.GetAsync($"{Base}/clusters/none/namespaces/default/pods")).ShouldBeProblem(404);
        (await host.Viewer.GetAsync($"{Base}/namespaces/Not-A-Name/pods")).ShouldBeInvalid("namespace");
        (await host.Viewer.GetAsync($"{Base}/namespaces/default/rollouts/pod/x")).ShouldBeInvalid("kind");
        (await host.Editor.GetAsync($"{Base}/namespaces/default/pods/x/logs?tail=0")).ShouldBeInvalid("tail");
    }

    [Fact]
    public async Task Callers_who_are_bound_reach_what_is_theirs_and_nothing_else()
    {
        var name = Rows.UniqueName();
        await host.BoundToOwn.CreateRunningAsync(name);
        var (a, b, own) = (host.BoundTo("team-a"), host.BoundTo("team-b"), host.BoundToOwn);
        var pods = $"{Base}/namespaces/vcluster-{name}/pods";
        var inside = $"{Base}/clusters/{name}/namespaces/default/pods";

        // The answers of one are not those of another, whoever came first.
        (await host.Admin.GetAsync(pods)).ShouldBe(200);
        (await a.GetAsync(pods)).ShouldBe(200);
        (await own.GetAsync(pods)).ShouldBe(200);
        (await b.GetAsync(pods)).ShouldBeProblem(403);
        (await own.GetAsync($"{Base}/namespaces/kube-system/pods")).ShouldBeProblem(403);
        (await a.GetAsync($"{Base}/namespaces/kube-system/pods")).ShouldBeProblem(403);
        (await host.Admin.GetAsync(inside)).ShouldBe(200);
        (await own.GetAsync(inside)).ShouldBe(200);
        (await a.GetAsync(inside)).ShouldBe(200);
        (await b.GetAsync(inside)).ShouldBeProblem(404);
        foreach (var bound in new[] { a, b, own })
        {
            (await bound.GetAsync($"{Base}/nodes")).ShouldBeProblem(403);
            (await bound.GetAsync($"{Base}/namespaces/vcluster-{name}/clusters/{name}/describe")).ShouldBeProblem(403);
            (await bound.GetAsync(Base)).Json["endpoints"]!
                .AsArray()
                .Select(e => e.Text("name"))
                .ShouldBe(["pods", "events", "pod-logs", "rollout-status", "cluster-pods", "apply"]);
        }
    }

    [Fact]
    public async Task A_cluster_that_only_asks_for_a_namespace_does_not_open_it()
    {
        // Asked for before somebody else made the namespace: it will fail, and until then it is there.
        var ns = $"later-{Rows.UniqueName()}";
        await host.MakeNamespaceAsync(ns);
        var asked = Rows.Cluster(ns: ns, owner: "api_key/bound-own");
        host.Services.GetRequiredService<ClusterView>().Publish(new ClusterSnapshot(asked, Operation: null));

        (await host.BoundToOwn.GetAsync($"/api/clusters/{asked.Name}")).ShouldBe(200);
        (await host.BoundToOwn.GetAsync($"{Base}/namespaces/{ns}/pods")).ShouldBeProblem(403);
    }

    private Task<Answer> SendAsync(string path, string manifest) =>
        host.Editor.SendContentAsync(
            "POST",
            path,
            new StringContent(manifest, System.Text.Encoding.UTF8, "application/yaml")
        );

    private const string Manifest = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: default
        spec:
          containers:
            - name: web
              image: nginx
        """;
}
