using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>A manager that has done a little of everything that is measured.</summary>
public sealed class BusyHost : WebhookHost
{
    internal const string Cluster = "measured";

    internal async Task<Exposition> ScrapeAsync() =>
        Exposition.Parse((await Viewer.GetAsync("/metrics")).ShouldBe(200).Text);

    private protected override async Task StartedAsync()
    {
        await base.StartedAsync();
        await Editor.CreateRunningAsync(Cluster);
        await Editor.GetAsync($"/k8s/vcluster-{Cluster}/{Cluster}/api/v1/namespaces");
        (await Editor.DeleteAsync($"/api/clusters/{Cluster}?wait=60")).ShouldBe(200);
        (await Admin.PostAsync("/api/prune", new { dry_run = false })).ShouldBe(200);
        var closed = new JsonObject { ["action"] = "closed", ["zen"] = "Speak like a human." };
        (await Sender.SendAsync("github", "ping", closed)).Status.ShouldBe(202);
        var forged = System.Text.Encoding.UTF8.GetBytes("{}");
        (await Sender.SendAsync("github", "pull_request", forged, proof: "sha256=00")).Status.ShouldBe(401);
        // What has to be asked for is waited for by a scrape only for a moment.
        await Wait.UntilAsync(async () =>
            (await ScrapeAsync()).Of("vcluster_manager_figures_age_seconds").Select(f => f.Labels["figures"]).Count()
            == 3
        );
    }
}
