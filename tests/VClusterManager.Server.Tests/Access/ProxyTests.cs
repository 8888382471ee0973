using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;
using static VClusterManager.Server.Tests.Access.ProxyHost;

namespace VClusterManager.Server.Tests.Access;

/// <summary>What one does through the proxy in front of virtual clusters, and in whose name.</summary>
public sealed class ProxyTests(ProxyHost host) : IClassFixture<ProxyHost>
{
    [Fact]
    public async Task What_is_made_through_it_is_in_the_cluster_and_not_on_the_host()
    {
        (await host.MakeAsync("made", new { text = "hello" })).ShouldBe(201);

        var read = (await host.Viewer.GetAsync(ConfigMaps + "/made")).ShouldBe(200).Json;
        read["data"].Text("text").ShouldBe("hello");
        (await host.Viewer.GetAsync("/k8s/vcluster-outer/outer/api/v1/namespaces/default/configmaps/made")).ShouldBe(
            404
        );
    }

    [Fact]
    public async Task Query_and_body_arrive_as_they_were_sent()
    {
        (await host.MakeAsync("asked", new { text = "ä\u2028\"" }, new { app = "a.b" })).ShouldBe(201);

        var found = await host.Viewer.GetAsync($"{ConfigMaps}?labelSelector=app%3Da.b%2C%21none&limit=5");

        found.ShouldBe(200).Json["items"]!.AsArray().ShouldHaveSingleItem()!["data"].Text("text").ShouldBe("ä\u2028\"");
        var refused = await host.Viewer.GetAsync($"{ConfigMaps}?labelSelector=%3D%3D");
        refused.ShouldBe(400).Json.Text("message").ShouldContain("==");
    }

    [Fact]
    public async Task Editors_are_masters_and_viewers_see_all_but_secrets()
    {
        (await WhoAsync(host.Editor)).ShouldBe(("api_key/editor", "system:masters"));
        (await WhoAsync(host.Viewer)).ShouldBe(("api_key/viewer", "vcluster-manager:viewers"));
        (await host.Viewer.GetAsync(ConfigMaps)).ShouldBe(200);
        (await host.Viewer.GetAsync(In + "/api/v1/namespaces/default/secrets")).ShouldBe(403);
        (await host.Editor.GetAsync(In + "/api/v1/namespaces/default/secrets")).ShouldBe(200);
        (await host.Viewer.DeleteAsync(ConfigMaps + "/none")).ShouldBe(403);
    }

    [Theory]
    [InlineData("Impersonate-User", "system:admin")]
    [InlineData("impersonate-group", "system:masters")]
    [InlineData("Impersonate-Extra-scopes", "all")]
    public async Task Nobody_speaks_in_another_name(string header, string value) =>
        (await host.Editor.GetAsync(ConfigMaps, (header, value)))
            .ShouldBe(403)
            .Json.Text("message")
            .ShouldContain("Impersonation");

    [Fact]
    public async Task A_viewer_finds_no_secrets_behind_a_binding_that_somebody_has_changed()
    {
        await host.Editor.CreateRunningAsync("bent");
        const string bent = "/k8s/vcluster-bent/bent";
        var binding = """
            {"metadata":{"name":"vcluster-manager:viewers"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"vcluster-manager:viewers"}]}
            """;
        (
            await host.Editor.PostAsync(bent + "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
        ).ShouldBe(201);

        var secrets = await host.Viewer.GetAsync(bent + "/api/v1/secrets");

        secrets.ShouldBe(503).Json.Text("message").ShouldContain("does not bind the ClusterRole view");
    }

    [Fact]
    public async Task What_fails_is_told_in_the_form_that_kubectl_reads()
    {
        var nobody = (await host.Anonymous.GetAsync(ConfigMaps)).ShouldBe(401).Json;
        (nobody.Text("kind"), nobody.Text("reason"), nobody.Number("code")).ShouldBe(("Status", "Unauthorized", 401));
        var none = (await host.Viewer.GetAsync("/k8s/vcluster-inner/none/api")).ShouldBe(404).Json;
        (none.Text("apiVersion"), none.Text("reason")).ShouldBe(("v1", "NotFound"));
        none.Text("message").ShouldContain("vcluster-inner/none");
        var bad = (await host.Viewer.GetAsync(In + "/api%2Fv1")).ShouldBe(400).Json;
        bad.Text("reason").ShouldBe("BadRequest");
    }

    [Fact]
    public async Task Writes_and_sessions_are_in_the_audit_and_reads_are_not()
    {
        (await host.MakeAsync("audited", new { a = "b" })).ShouldBe(201);
        (await host.Editor.GetAsync(ConfigMaps + "/audited")).ShouldBe(200);
        await WhoAsync(host.Editor);
        await host.PodAsync("entered");
        await EnterAsync("/api/v1/namespaces/default/pods/entered/exec");
        await EnterAsync("/%61pi/v1/namespaces/default/%70ods/entered/%65xec");
        (await host.Editor.DeleteAsync(ConfigMaps + "/audited")).ShouldBe(200);

        var entries = (await host.Admin.GetAsync("/api/audit?namespace=vcluster-inner&limit=500")).Json["entries"]!
            .AsArray()
            .Select(e => (Action: e.Text("action"), Target: e.Text("target")))
            .ToList();
        entries.ShouldContain(("k8s.create", "inner configmaps default"));
        entries.ShouldContain(("k8s.delete", "inner configmaps default/audited"));
        entries
            .Count(e => e == ("k8s.exec", "inner pods/exec default/entered"))
            .ShouldBe(2, "written in whichever way");
        entries.ShouldNotContain(e => e.Action == "k8s.get" || e.Target.Contains("selfsubject"));
    }

    [Fact]
    public async Task What_somebody_does_in_a_cluster_is_remembered_and_watching_is_not()
    {
        await host.Editor.CreateRunningAsync("looked-at");
        (await host.Viewer.GetAsync(ConfigMaps)).ShouldBe(200);
        using var watch = await host.Viewer.OpenAsync("/k8s/vcluster-looked-at/looked-at/api/v1/pods?watch=true");

        await host
            .Services.GetServices<IHostedService>()
            .OfType<LastUseWriter>()
            .Single()
            .WriteAsync(ManagerHost.Cancellation);

        var active = await host.Stores.ReadAsync(store =>
            store
                .Clusters.Where(c => store.ClusterActivity.Any(a => a.ClusterId == c.Id))
                .Select(c => c.Name)
                .ToListAsync(ManagerHost.Cancellation)
        );
        active.ShouldContain("inner");
        active.ShouldNotContain("looked-at");
    }

    /// <summary>Runs a command in a session of its own.</summary>
    private async Task EnterAsync(string path)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.SetRequestHeader("X-API-Key", ManagerHost.KeyOf("editor"));
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        Uri address = new($"ws://{host.Address.Authority}{In}{path}?command=echo&command=hi&stdout=true", options);
        await socket.ConnectAsync(address, ManagerHost.Cancellation);
        var said = new byte[64];
        do
        {
            // Its streams are told of first.
            await socket.ReceiveAsync(said, ManagerHost.Cancellation);
        } while (said[1] != (byte)'h');
    }

    private static async Task<(string User, string Group)> WhoAsync(Caller caller)
    {
        var review = await caller.PostAsync(
            In + "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"""
        );
        var info = review.ShouldBe(201).Json["status"]!["userInfo"]!;
        return (info.Text("username"), info["groups"]![0]!.GetValue<string>());
    }
}
