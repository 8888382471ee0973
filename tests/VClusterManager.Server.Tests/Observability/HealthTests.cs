using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>What the server says of itself, to anybody and to callers with credentials.</summary>
public sealed class HealthTests(HealthTests.ToollessHost host) : IClassFixture<HealthTests.ToollessHost>
{
    [Fact]
    public async Task Health_is_for_everybody_and_always_the_same()
    {
        foreach (var caller in new[] { host.Anonymous, host.Viewer })
        {
            (await caller.GetAsync("/health")).ShouldBe(200).Text.ShouldBe("""{"status":"healthy"}""");
            (await caller.GetAsync("/livez")).ShouldBe(200).Text.ShouldBe("""{"status":"live"}""");
        }
    }

    [Fact]
    public async Task A_missing_tool_is_degraded_and_told_only_to_callers_with_credentials()
    {
        await Wait.UntilAsync(async () =>
            (await host.Viewer.GetAsync("/readyz")).ShouldBe(200).Json.Text("status") == "degraded"
        );

        (await host.Anonymous.GetAsync("/readyz")).ShouldBe(200).Text.ShouldBe("""{"status":"degraded"}""");
        var problems = (await host.Viewer.GetAsync("/readyz")).Json["problems"]!.AsArray();
        problems.Select(p => p!.GetValue<string>()).ShouldContain(p => p.Contains("vcluster was not found"));
    }

    [Fact]
    public async Task Info_tells_more_to_callers_with_credentials()
    {
        var anybody = (await host.Anonymous.GetAsync("/api/info")).ShouldBe(200).Json;
        anybody
            .Select(member => member.Key)
            .ShouldBe(
                ["name", "version", "description", "dynamic_endpoints_enabled", "webhooks_enabled"],
                ignoreOrder: true
            );
        anybody.Text("name").ShouldBe("vcluster-manager");
        anybody.Text("version").ShouldMatch(@"^\d+\.\d+\.\d+$");
        anybody["webhooks_enabled"]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe(["github", "bitbucket", "gitlab"], ignoreOrder: true);

        var known = (await host.Viewer.GetAsync("/api/info")).ShouldBe(200).Json;
        known["k8s_versions"]!.AsArray().Select(v => v!.GetValue<string>()).ShouldBe(["1.35", "1.34", "1.33", "1.32"]);
        known["tools"]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe(["vcluster", "helm", "kubectl", "host"], ignoreOrder: true);
        known["tools"].Text("host").ShouldStartWith("v1.35");
    }

    [Fact]
    public async Task Who_am_I_is_answered_with_role_and_source()
    {
        var me = (await host.Editor.GetAsync("/api/me")).ShouldBe(200).Json;

        me.Select(member => member.Key).ShouldBe(["name", "role", "source", "expires_at", "limits"], ignoreOrder: true);
        (me.Text("name"), me.Text("role"), me.Text("source")).ShouldBe(("editor", "editor", "api_key"));
        me["expires_at"].ShouldBeNull();
        me["limits"].ShouldBeNull();
    }

    [Fact]
    public async Task The_description_of_the_API_names_every_route()
    {
        var document = (await host.Anonymous.GetAsync("/openapi/v1.json")).ShouldBe(200).Json;

        document.Text("openapi").ShouldStartWith("3.1");
        document["paths"]!
            .AsObject()
            .Select(path => path.Key)
            .ShouldBe(
                [
                    "/health",
                    "/livez",
                    "/readyz",
                    "/metrics",
                    "/api/info",
                    "/api/me",
                    "/token",
                    "/api/keys",
                    "/api/keys/{id}",
                    "/api/clusters",
                    "/api/clusters/{name}",
                    "/api/clusters/{name}/extend",
                    "/api/clusters/{name}/retry",
                    "/api/clusters/{name}/pause",
                    "/api/clusters/{name}/resume",
                    "/api/clusters/{name}/adopt",
                    "/api/clusters/{name}/kubeconfig",
                    "/api/clusters/{name}/tokens",
                    "/api/clusters/{name}/tokens/{id}",
                    "/api/clusters/{name}/logs",
                    "/api/clusters/{name}/history",
                    "/api/clusters:validate",
                    "/api/events",
                    "/api/audit",
                    "/api/dynamic",
                    "/api/dynamic:validate",
                    "/webhooks/github",
                    "/webhooks/bitbucket",
                    "/webhooks/gitlab",
                    "/api/webhooks/deliveries",
                    "/api/webhooks/deliveries/{id}",
                    "/api/webhooks/deliveries/{id}/replay",
                    "/api/orphans",
                    "/api/orphans/{id}",
                    "/api/prune",
                    "/api/usage",
                    "/api/operations",
                    "/api/operations/{id}",
                    "/api/operations/{id}/log",
                    "/api/operations/{id}/cancel",
                ],
                ignoreOrder: true
            );
    }

    /// <summary>A manager that does not find the CLI.</summary>
    public sealed class ToollessHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                VCluster = options.VCluster with { Executable = "/nowhere/vcluster" },
            };
    }
}
