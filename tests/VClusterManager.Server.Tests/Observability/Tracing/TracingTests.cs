using System.Diagnostics;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;
using Xunit;

namespace VClusterManager.Server.Tests.Observability.Tracing;

public sealed class TracingTests(TracedHost host) : IClassFixture<TracedHost>
{
    [Fact]
    public async Task A_request_its_work_and_the_run_of_the_CLI_are_one_trace()
    {
        var (trace, header) = TracedHost.Traced();

        var created = await host.Editor.PostAsync(
            "/api/clusters?wait=60&password=hunter2",
            new { name = "traced" },
            header
        );
        created.ShouldBe(201);

        var spans = await host.TraceAsync(
            trace,
            seen => PathOf(seen, "vcluster create").Contains("POST /api/clusters/")
        );
        PathOf(spans, "vcluster create")
            .ShouldBe(["vcluster create", "step install", "operation create", "work cluster", "POST /api/clusters/"]);
        spans.ShouldContain(span => span.Name == "database write");
        // Calls to the host belong to the step that made them.
        PathOf(spans, "POST").ShouldContain("operation create");
    }

    [Fact]
    public async Task A_problem_names_its_trace()
    {
        var (trace, header) = TracedHost.Traced();

        var missing = await host.Viewer.GetAsync("/api/clusters/nowhere", header);

        missing.ShouldBeProblem(404);
        missing.Json.Text("trace_id").ShouldBe(trace);
        await host.TraceAsync(trace, seen => seen.Any(span => span.Name == "GET /api/clusters/{name}"));
    }

    [Fact]
    public async Task A_delete_is_a_trace_of_its_own()
    {
        await host.Editor.CreateRunningAsync("retraced");
        var (trace, header) = TracedHost.Traced();

        (await host.Editor.DeleteAsync("/api/clusters/retraced?wait=60", header)).ShouldBe(200);

        var spans = await host.TraceAsync(
            trace,
            seen => seen.Any(span => span.Name == "vcluster delete") && seen.Any(span => span.Name == "step gone")
        );
        spans.ShouldNotContain(span => span.Name == "vcluster create" || span.Name == "operation create");
    }

    [Fact]
    public async Task A_delivery_leads_to_the_cluster_that_it_asks_for()
    {
        // The sender is in this process, where it is listened to as well: it says that its trace is recorded.
        using Activity provider = new("provider") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        provider.SetIdFormat(ActivityIdFormat.W3C).Start();
        var delivery = Recorded.Json("github", "pull_request.opened.json");
        (await host.Sender.SendAsync("github", "pull_request", delivery)).Status.ShouldBe(202);

        var spans = await host.TraceAsync(
            provider.TraceId.ToHexString(),
            seen => PathOf(seen, "vcluster create").Contains("POST /webhooks/github")
        );
        PathOf(spans, "vcluster create")
            .Take(7)
            .ShouldBe([
                "vcluster create",
                "step install",
                "operation create",
                "work cluster",
                "work pull_request",
                "work webhook_delivery",
                "POST /webhooks/github",
            ]);
    }

    [Fact]
    public async Task No_secret_and_no_probe_is_in_what_is_sent()
    {
        var (trace, header) = TracedHost.Traced();
        await host.Anonymous.GetAsync("/readyz", TracedHost.Traced().Header);
        await host.Viewer.GetAsync("/api/clusters?q=hunter2", header);
        await host.TraceAsync(trace, seen => seen.Count > 0);

        var sent = host.Collector.Everything;
        sent.ShouldNotContain("hunter2");
        foreach (var client in new[] { "viewer", "editor", "admin" })
        {
            sent.ShouldNotContain(ManagerHost.KeyOf(client));
        }

        sent.ShouldNotContain(WebhookHost.Secret);
        host.Collector.All.ShouldNotContain(span => span.Name.Contains("readyz"));
        // The collector's own key goes to the collector.
        host.Collector.Requests.ShouldAllBe(request =>
            request.Path == "/v1/traces" && request.Headers.Contains(TracedHost.CollectorKey)
        );
    }

    /// <summary>The names from the first span of this name up to the one that nobody here is the parent of.</summary>
    private static List<string> PathOf(IReadOnlyList<ReceivedSpan> spans, string name)
    {
        List<string> path = [];
        for (
            var span = spans.FirstOrDefault(span => span.Name == name);
            span is not null;
            span = spans.FirstOrDefault(other => other.Id == span.Parent)
        )
        {
            path.Add(span.Name);
        }

        return path;
    }
}
