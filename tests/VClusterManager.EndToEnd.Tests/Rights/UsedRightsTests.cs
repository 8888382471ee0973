using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>
/// What the manifests grant is what is needed, right for right: the host notes what every request needs, from the start of
/// a server through all that it does with clusters. A right that nothing uses fails here, and so does one that is missing.
/// </summary>
public sealed class UsedRightsTests(RightsHost host) : EndToEndTest(host), IClassFixture<RightsHost>
{
    /// <summary>The CLI asks for it when it deletes, and does without: only who syncs priority classes has any.</summary>
    private const string DoneWithout = "list scheduling.k8s.io/priorityclasses";

    private const string Small = """{"controlPlane":{"statefulSet":{"resources":{"limits":{"memory":"301Mi"}}}}}""";

    private const string WithoutVolume =
        """{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"enabled":false}}}}}""";

    /// <summary>All that callers may switch on which makes the chart's roles larger.</summary>
    private const string EverySwitch = """
        {"sync":{"toHost":{
          "ingresses":{"enabled":true},
          "networkPolicies":{"enabled":true},
          "serviceAccounts":{"enabled":true},
          "podDisruptionBudgets":{"enabled":true}
        }}}
        """;

    [Fact]
    public async Task What_is_granted_to_be_used_is_used()
    {
        await Control.ForgetRightsAsync();
        var server = await host.StartServerAsync();

        await LiveAsync(server);
        await EndForcedAsync(server, await RunningAsync(server, "forced"));

        var needed = await Control.RightsAsync();
        await server.StopAsync();
        needed.Where(right => !right.Allowed).Select(right => right.ToString()).Distinct().ShouldBe([DoneWithout]);
        var used = needed.Where(right => right.Allowed).ToList();
        var lease = used.Where(right => right.Resource == "leases").ToList();
        lease.ShouldAllBe(right => right.Namespace == "default");
        ShouldBeSame(await host.LeaseRoleAsync(), Rights(lease));
        ShouldBeSame(await host.RoleAsync(RightsHost.Used), Rights(used.Except(lease)));
    }

    [Fact]
    public async Task What_is_granted_to_be_passed_on_is_what_the_chart_gives_to_clusters()
    {
        var server = await host.StartServerAsync();

        var made = await server.Api.CreateAsync(new ClusterCreate { Name = "chart", Values = Json(EverySwitch) }, Wait);

        made.Status.ShouldBe(ClusterStatus.Running, made.Message);
        var place = new ClusterPlace("chart");
        var role = await Host.JsonAsync("get", "role", "vc-chart", "--namespace", place.Namespace);
        var clusterRole = await Host.JsonAsync("get", "clusterrole", $"vc-chart-v-{place.Namespace}");
        var given = RoleRules.Of(role).Rights.Concat(RoleRules.Of(clusterRole).Rights).ToList();
        ShouldBeSame(await host.RoleAsync(RightsHost.PassedOn), given);
        await server.StopAsync();
    }

    [Fact]
    public async Task What_is_granted_for_the_shipped_endpoints_is_what_they_read()
    {
        var server = await host.StartServerAsync();
        var place = await RunningAsync(server, "read");
        await Host.RunAsync("create", "namespace", "rollouts");
        await Host.RunAsync("apply", "--filename", await host.FileAsync("rollouts.yaml", Rollouts));
        await Control.ForgetRightsAsync();

        foreach (
            var path in (string[])
                [
                    "nodes",
                    "namespaces",
                    $"namespaces/{place.Namespace}/pods",
                    $"namespaces/{place.Namespace}/events",
                    $"namespaces/{place.Namespace}/pods/read-0/logs?container=syncer",
                    $"namespaces/{place.Namespace}/clusters/read/describe",
                    $"namespaces/{place.Namespace}/rollouts/statefulset/read",
                    "namespaces/rollouts/rollouts/deployment/some",
                    "namespaces/rollouts/rollouts/daemonset/some",
                ]
        )
        {
            (await server.TextAsync($"/api/dynamic/{path}")).ShouldNotBeEmpty();
        }

        var needed = await Control.RightsAsync();
        await server.StopAsync();
        needed.ShouldAllBe(right => right.Allowed);
        var endpoints = (await host.RoleAsync(RightsHost.Endpoints)).Rights.ToList();
        endpoints.Except(Rights(needed)).ShouldBeEmpty("granted, and not used");
        var used = (await host.RoleAsync(RightsHost.Used)).Rights.Concat((await host.LeaseRoleAsync()).Rights);
        Rights(needed).Except(endpoints).Except(used).ShouldBeEmpty("used, and granted for something else");
    }

    /// <summary>All that is done with clusters day by day.</summary>
    private async Task LiveAsync(ServerProcess server)
    {
        var place = await RunningAsync(server, "lives");
        var change = new JsonObject { ["values"] = Json(Small) };
        (await server.SendAsync(HttpMethod.Patch, "/api/clusters/lives", change, wait: 60)).Status.ShouldBe(
            HttpStatusCode.OK
        );
        await LabelAsync(server, place);
        (await server.TextAsync("/api/clusters/lives/logs")).ShouldNotBeEmpty();
        (await ThroughProxyAsync(server, place)).ShouldContain("gitVersion");
        (await server.Api.GetKubeconfigAsync("lives", query: "mode=direct")).ShouldContain("client-certificate-data");
        (await server.Api.DoAsync("lives", "pause", Wait)).Status.ShouldBe(ClusterStatus.Sleeping);
        (await server.Api.DoAsync("lives", "resume", Wait)).Status.ShouldBe(ClusterStatus.Running);
        (await server.SendAsync(HttpMethod.Get, "/api/orphans")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.Api.DeleteAsync("lives", Wait)).State.ShouldBe(OperationState.Succeeded);

        var plain = new ClusterCreate { Name = "plain", Values = Json(WithoutVolume) };
        (await server.Api.CreateAsync(plain, Wait)).Status.ShouldBe(ClusterStatus.Running);
        (await server.Api.DeleteAsync("plain", Wait)).State.ShouldBe(OperationState.Succeeded);
    }

    private async Task LabelAsync(ServerProcess server, ClusterPlace place)
    {
        var change = new JsonObject { ["labels"] = new JsonObject { ["team"] = "blue" } };
        await server.SendAsync(HttpMethod.Patch, $"/api/clusters/{place.Name}", change);
        await Eventually.SeesAsync(
            "the marks on the namespace follow",
            () => Host.JsonAsync("get", "namespace", place.Namespace),
            home => (string?)home["metadata"]!["annotations"]!["vcluster-manager.io/labels"] == """{"team":"blue"}"""
        );
    }

    /// <summary>A delete that finds all that a cluster can leave behind, and all of it held.</summary>
    private async Task EndForcedAsync(ServerProcess server, ClusterPlace place)
    {
        await Host.RunAsync("apply", "--filename", await host.FileAsync("left.yaml", Leftovers.Of(place)));
        // Its pods would be somebody else's, and a reason to keep the namespace.
        await Host.RunAsync("delete", "daemonset", Leftovers.Name, "-n", place.Namespace, "--wait=false");
        await Host.RunAsync("delete", "pods", "-l", "app=left", "-n", place.Namespace, "--now");

        var ended = await server.SendAsync(HttpMethod.Delete, $"/api/clusters/{place.Name}?force=true", wait: 90);

        ended.Status.ShouldBe(HttpStatusCode.OK, ended.Body?.ToJsonString());
        ((string?)ended.Body!["state"]).ShouldBe("succeeded", ended.Body.ToJsonString());
        (await Host.RunAsync("get", "namespaces")).ShouldNotContain(place.Namespace);
        (await Host.RunAsync("get", "clusterroles,clusterrolebindings", "-l", $"release={place.Name}")).ShouldBeEmpty();
    }

    private static async Task<string> ThroughProxyAsync(ServerProcess server, ClusterPlace place)
    {
        var token = await server.Api.MakeTokenAsync(place.Name);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return await http.GetStringAsync(new Uri(server.Address, $"/k8s/{place.Namespace}/{place.Name}/version"));
    }

    private static void ShouldBeSame(RoleRules granted, IEnumerable<string> needed)
    {
        needed.Except(granted.Rights).ShouldBeEmpty("needed, and not granted");
        granted.Rights.Except(needed).ShouldBeEmpty("granted, and not needed");
    }

    private static IEnumerable<string> Rights(IEnumerable<NeededRight> needed) =>
        needed.Select(right => right.ToString()).Distinct();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private const string Rollouts = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: some, namespace: rollouts }
        spec:
          selector: { matchLabels: { app: some } }
          template:
            metadata: { labels: { app: some } }
            spec: { containers: [{ name: c, image: web }] }
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: some, namespace: rollouts }
        spec:
          selector: { matchLabels: { app: all } }
          template:
            metadata: { labels: { app: all } }
            spec: { containers: [{ name: c, image: web }] }
        """;
}
