using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

public sealed class MetricsTests(BusyHost host) : IClassFixture<BusyHost>
{
    [Fact]
    public async Task They_are_for_viewers_and_up_with_a_key_or_the_same_as_a_bearer_token()
    {
        using var bearer = new Caller(host.Address, ManagerHost.KeyOf("viewer"), bearer: true);

        foreach (var caller in new[] { host.Viewer, host.Editor, host.Admin, bearer })
        {
            var answer = (await caller.GetAsync("/metrics")).ShouldBe(200);
            answer.Header("Content-Type")!.ShouldStartWith("text/plain");
            answer.Text.ShouldContain("# HELP vcluster_manager_clusters ");
        }

        (await host.Anonymous.GetAsync("/metrics")).ShouldBeProblem(401);
    }

    [Fact]
    public async Task OpenMetrics_is_for_those_who_ask_for_it()
    {
        var answer = await host.Viewer.GetAsync("/metrics", ("Accept", "application/openmetrics-text; version=1.0.0"));

        answer.ShouldBe(200).Header("Content-Type")!.ShouldStartWith("application/openmetrics-text");
        answer.Text.TrimEnd().ShouldEndWith("# EOF");
    }

    [Fact]
    public async Task What_was_done_is_counted()
    {
        var told = await host.ScrapeAsync();

        foreach (var kind in new[] { "create", "delete" })
        {
            told.Sum("vcluster_manager_operations_duration_seconds_count", ("kind", kind), ("outcome", "succeeded"))
                .ShouldBeGreaterThanOrEqualTo(1);
            told.Sum(
                    "vcluster_manager_tool_duration_seconds_count",
                    ("tool", "vcluster"),
                    ("verb", kind),
                    ("outcome", "ok")
                )
                .ShouldBeGreaterThanOrEqualTo(1);
        }

        told.Sum("vcluster_manager_work_claims_total", ("kind", "cluster"), ("event", "taken"))
            .ShouldBeGreaterThanOrEqualTo(2);
        told.Sum("vcluster_manager_webhooks_deliveries_total", ("provider", "github"), ("outcome", "refused"))
            .ShouldBeGreaterThanOrEqualTo(1);
        told.Sum("vcluster_manager_webhooks_verdicts_total", ("provider", "github"), ("verdict", "ignored"))
            .ShouldBeGreaterThanOrEqualTo(1);
        told.Sum("vcluster_manager_proxy_requests_total", ("verb", "list")).ShouldBeGreaterThanOrEqualTo(1);
        told.Sum("vcluster_manager_prune_sweeps_total", ("outcome", "done")).ShouldBeGreaterThanOrEqualTo(1);
        told.Sum("vcluster_manager_usage_run_seconds_total", ("source", "api")).ShouldBeGreaterThan(0);
        told.Sum("vcluster_manager_host_lists_total", ("resource", "namespaces")).ShouldBeGreaterThanOrEqualTo(1);
        told.Sum(
                "http_server_request_duration_seconds_count",
                ("http_request_method", "POST"),
                ("http_route", "/api/clusters/"),
                ("http_response_status_code", "201")
            )
            .ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task What_there_is_none_of_is_told_as_none()
    {
        var told = await host.ScrapeAsync();

        told.Of("vcluster_manager_clusters").Select(sample => sample.Labels["status"]).ShouldContain("failed");
        told.Of("vcluster_manager_work_queue_depth").Select(sample => sample.Labels["kind"]).ShouldContain("cluster");
        told.Of("vcluster_manager_orphans").Select(sample => sample.Labels["kind"]).ShouldContain("release");
        told.Of("vcluster_manager_figures_age_seconds")
            .Select(sample => sample.Labels["figures"])
            .Distinct()
            .ShouldBe(["work_queue", "usage", "orphans"], ignoreOrder: true);
    }

    [Fact]
    public async Task No_label_names_a_cluster_a_person_or_a_path()
    {
        var told = await host.ScrapeAsync();

        var values = told
            .Samples.Where(sample => sample.Name.StartsWith("vcluster_manager_", StringComparison.Ordinal))
            .SelectMany(sample => sample.Labels.Values)
            .Distinct();
        foreach (var value in values)
        {
            value.ShouldNotContain(BusyHost.Cluster);
            value.ShouldNotContain("/");
            value.ShouldNotBeOneOf(["viewer", "editor", "admin", "system"]);
        }
    }
}
