using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>Looking at single clusters: ours, others', those of which there are two.</summary>
public sealed class ReadTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task Kubeconfig_and_values_come_only_when_asked_for_and_only_to_editors()
    {
        var body = """{"name":"included","values":{"sync":{"toHost":{"pods":{"enabled":true}}}}}""";
        (await host.Editor.PostAsync("/api/clusters?wait=60", body)).ShouldBe(201);

        var plain = (await host.Editor.GetAsync("/api/clusters/included")).ShouldBe(200).Json;
        (plain.ContainsKey("kubeconfig"), plain.ContainsKey("values")).ShouldBe((false, false));

        var all = (await host.Editor.GetAsync("/api/clusters/included?include=kubeconfig,values")).ShouldBe(200).Json;
        all.Text("kubeconfig").ShouldContain("https://manager.test/k8s/vcluster-included/included");
        all["values"]!.ToJsonString().ShouldBe("""{"sync":{"toHost":{"pods":{"enabled":true}}}}""");

        (await host.Viewer.GetAsync("/api/clusters/included?include=kubeconfig")).ShouldBeProblem(403);
        (await host.Viewer.GetAsync("/api/clusters/included?include=values")).ShouldBeProblem(403);
        (await host.Editor.GetAsync("/api/clusters/included?include=secrets")).ShouldBeInvalid("include");
        (await host.Editor.GetAsync("/api/clusters/included?include=")).ShouldBe(200);
    }

    [Fact]
    public async Task A_name_that_is_not_unique_asks_for_the_namespace()
    {
        await host.Editor.CreateAsync(new { name = "twin", @namespace = "twin-1" });
        await host.Editor.CreateAsync(new { name = "twin", @namespace = "twin-2" });

        foreach (
            var (method, path, body) in new[]
            {
                ("GET", "/api/clusters/twin", null),
                ("GET", "/api/clusters/twin/logs", null),
                ("GET", "/api/clusters/twin/history", null),
                ("DELETE", "/api/clusters/twin", null),
                ("PATCH", "/api/clusters/twin", "{}"),
                ("POST", "/api/clusters/twin/pause", null),
                ("POST", "/api/clusters/twin/extend", """{"ttl_hours":1}"""),
            }
        )
        {
            var answer = (await host.Editor.SendAsync(method, path, body)).ShouldBeProblem(409);

            answer.Detail.ShouldContain("?namespace=", customMessage: $"{method} {path}");
            answer.Json["namespaces"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["twin-1", "twin-2"]);
        }

        var one = await host.Viewer.GetAsync("/api/clusters/twin?namespace=twin-2");
        one.ShouldBe(200).Json.Text("namespace").ShouldBe("twin-2");
        (await host.Editor.DeleteAsync("/api/clusters/twin?namespace=twin-1&wait=60")).ShouldBe(200);
        (await host.Viewer.GetAsync("/api/clusters/twin")).ShouldBe(200).Json.Text("namespace").ShouldBe("twin-2");
    }

    [Fact]
    public async Task What_others_made_is_shown_and_not_touched()
    {
        await host.MakeUnmanagedAsync("others", "stranger");

        var shown = (await host.Viewer.GetAsync("/api/clusters/stranger")).ShouldBe(200).Json;
        shown["managed"]!.GetValue<bool>().ShouldBeFalse();
        shown["created_by"].ShouldBeNull();
        shown["ttl_hours"].ShouldBeNull();
        shown["expires_at"].ShouldBeNull();
        shown.Number("generation").ShouldBe(0);
        shown.Text("id").ShouldNotBeEmpty();

        var listed = (await host.Viewer.GetAsync("/api/clusters?managed=false")).ShouldBe(200).Json;
        listed["clusters"]!.AsArray().Select(c => c.Text("name")).ShouldBe(["stranger"]);
        (await host.Editor.DeleteAsync("/api/clusters/stranger"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("not managed");
        (await host.Editor.PatchAsync("/api/clusters/stranger", """{"labels":{"a":"1"}}""")).ShouldBeProblem(409);
        (await host.Editor.PostAsync("/api/clusters/stranger/pause")).ShouldBeProblem(409);
        (await host.Admin.PostAsync("/api/clusters", new { name = "mine", @namespace = "others" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("unmanaged cluster stranger");
    }

    [Fact]
    public async Task A_log_that_cannot_be_is_refused()
    {
        await host.Editor.CreateRunningAsync("logged");

        (await host.Viewer.GetAsync("/api/clusters/logged/logs?tail=0")).ShouldBeInvalid("tail");
        (await host.Viewer.GetAsync("/api/clusters/logged/logs?tail=10001")).ShouldBeInvalid("tail");
        (await host.Viewer.GetAsync("/api/clusters/logged/logs?tail=x")).ShouldBeInvalid("tail");
        (await host.Viewer.GetAsync("/api/clusters/logged/logs?follow=x")).ShouldBeInvalid("follow");
        (await host.Viewer.GetAsync("/api/clusters/logged/logs?container=nobody"))
            .ShouldBeProblem(404)
            .Detail.ShouldContain("nobody");
        (await host.Viewer.GetAsync("/api/clusters/nobody/logs")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task A_log_of_somebody_elses_cluster_in_the_place_of_ours_is_not_shown()
    {
        await host.MakeUnmanagedAsync("held-place", "usurper");
        var view = host.Services.GetRequiredService<HostView>();
        await Wait.UntilAsync(() => view.Find(new NamespacedName("held-place", "usurper")).Pods.Count > 0);
        await host.Stores.TransactAsync(
            store =>
            {
                store.Clusters.Add(Rows.Cluster("usurper", "held-place"));
                return Task.CompletedTask;
            },
            ManagerHost.Cancellation
        );
        await host.Services.GetRequiredService<ClusterView>().ReloadAsync(ManagerHost.Cancellation);

        (await host.Viewer.GetAsync("/api/clusters/usurper/logs")).ShouldBeProblem(404).Detail.ShouldContain("no pod");
    }

    [Fact]
    public async Task A_cluster_without_a_pod_has_no_log()
    {
        await host.BreakAsync("cli-hang", ns: "vcluster-podless", name: "podless");
        await host.Editor.CreateAsync(new { name = "podless" });

        (await host.Viewer.GetAsync("/api/clusters/podless/logs")).ShouldBeProblem(404).Detail.ShouldContain("no pod");
        (await host.Editor.GetAsync("/api/clusters/podless?include=kubeconfig,values")).ShouldBe(200).Json["values"]!
            .AsObject()
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/clusters/nobody")]
    [InlineData("/api/clusters/nobody?namespace=nowhere")]
    [InlineData("/api/clusters/nobody/history")]
    [InlineData("/api/clusters/UPPER")]
    [InlineData("/api/clusters/a%2Fb")]
    [InlineData("/api/clusters/%2e%2e")]
    [InlineData("/api/clusters/..%2f..%2fetc")]
    [InlineData("/api/clusters/a b")]
    [InlineData("/api/clusters/%F0%9F%98%80")]
    [InlineData("/api/clusters/nobody/nothing")]
    [InlineData("/api/clusters/nobody?namespace=%00")]
    [InlineData("/api/clusters/nobody/history?namespace=%00%ed%a0%80")]
    public async Task What_is_not_there_is_404(string path) => (await host.Viewer.GetAsync(path)).ShouldBeProblem(404);
}
