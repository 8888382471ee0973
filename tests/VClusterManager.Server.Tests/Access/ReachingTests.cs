using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

/// <summary>The way from the proxy to a cluster, and what is said when there is none.</summary>
public sealed class ReachingTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task A_cluster_that_does_not_answer_is_said_to_and_found_again_when_it_does()
    {
        await host.Editor.CreateRunningAsync("away");
        const string pods = "/k8s/vcluster-away/away/api/v1/pods";
        (await host.Editor.GetAsync(pods)).ShouldBe(200);
        await host.BreakAsync("api-away", ns: "vcluster-away", name: "away");

        await Wait.UntilAsync(async () => (await host.Editor.GetAsync(pods)).Status == 503);
        var away = (await host.Editor.GetAsync(pods)).ShouldBe(503);

        away.Json.Text("reason").ShouldBe("ServiceUnavailable");
        away.Json.Text("message").ShouldStartWith("Cluster vcluster-away/away cannot be reached");
        away.Header("Retry-After").ShouldBe("1");
        await host.MendAsync("api-away", ns: "vcluster-away", name: "away");
        await Wait.UntilAsync(async () => (await host.Editor.GetAsync(pods)).Status == 200);
    }

    [Fact]
    public async Task A_server_with_another_authority_is_not_the_cluster()
    {
        await host.Editor.CreateRunningAsync("real");
        await host.Editor.CreateRunningAsync("false");
        const string pods = "/k8s/vcluster-real/real/api/v1/pods";
        (await host.Editor.GetAsync(pods)).ShouldBe(200);
        var reads = host.Services.GetRequiredService<HostReads>();
        var other = await reads.KubeconfigAsync(
            new NamespacedName("vcluster-false", "false"),
            ManagerHost.Cancellation
        );
        var kubeconfig = other.ShouldBeOfType<HostAnswer<string>.Found>().Value;

        var written = await host
            .Services.GetRequiredService<HostApi>()
            .WriteAsync(
                HttpMethod.Patch,
                "api/v1/namespaces/vcluster-real/secrets/vc-real",
                new JsonObject
                {
                    ["data"] = new JsonObject
                    {
                        ["config"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)),
                    },
                },
                ManagerHost.Cancellation
            );

        written.ShouldBeOfType<HostWrite.Done>();
        await Wait.UntilAsync(async () => (await host.Editor.GetAsync(pods)).Status == 503);
        var refused = (await host.Editor.GetAsync(pods)).ShouldBe(503);
        refused.Json.Text("message").ShouldContain("certificate", Case.Insensitive);
    }

    [Fact]
    public async Task A_cluster_that_is_not_managed_is_not_entered()
    {
        await host.MakeUnmanagedAsync("strangers", "stranger");

        (await host.Admin.GetAsync("/k8s/strangers/stranger/api"))
            .ShouldBe(409)
            .Json.Text("message")
            .ShouldContain("managed");
        (await host.Admin.GetAsync("/api/clusters/stranger/kubeconfig")).ShouldBeProblem(409);
    }
}
