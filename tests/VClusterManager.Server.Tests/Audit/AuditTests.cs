using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

/// <summary>The audit of the whole server, over REST.</summary>
public sealed class AuditTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    /// <summary>Routes whose method says that they change something, and which do not. A new one is a decision.</summary>
    private static readonly string[] Harmless =
    [
        "/api/clusters:validate",
        "/api/dynamic:validate",
        // Deliveries are a record by themselves.
        "/webhooks/github",
        "/webhooks/bitbucket",
        "/webhooks/gitlab",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_that_changes_something_leaves_an_entry_whatever_it_answers()
    {
        foreach (var (method, route) in Changes(host).Where(c => !IsHarmless(c.Route)))
        {
            if (AuditNotes.CountsRefusals(route.Metadata))
            {
                // What it refuses is told of once in a minute; another test is about it.
                continue;
            }

            var action =
                route.Metadata.GetMetadata<AuditNotes.ActionName>()?.Action
                ?? AuditAction.Of(method, route.RoutePattern.RawText);
            var before = await EntriesAsync($"action={action}&limit=500");

            var answer = await host.Admin.SendAsync(method, PathOf(route), "{}");

            var entry = (await EntriesAsync($"action={action}&limit=500"))
                .ExceptBy(before.Select(e => e.Text("id")), e => e.Text("id"))
                .ToList()
                .ShouldHaveSingleItem($"{method} {route.RoutePattern.RawText} left no entry");
            entry.Number("status").ShouldBe(answer.Status, action);
            entry.Text("principal").ShouldBe("admin");
        }
    }

    [Fact]
    public void Which_routes_change_nothing_in_spite_of_their_method_is_a_decision() =>
        Changes(host)
            .Where(c => IsHarmless(c.Route))
            .Select(c =>
                "/" + string.Join('/', c.Route.RoutePattern.RawText!.Split('/', StringSplitOptions.RemoveEmptyEntries))
            )
            .ShouldBe(Harmless);

    [Fact]
    public async Task An_accepted_change_says_who_what_when_from_where_and_with_what_result()
    {
        var name = Rows.UniqueName();

        var answer = await host.Editor.PostAsync("/api/clusters", new { name });

        answer.ShouldBe(202);
        var entry = (await EntriesAsync($"cluster={name}")).ShouldHaveSingleItem();
        entry
            .Select(member => member.Key)
            .ShouldBe([
                "id",
                "at",
                "principal",
                "source",
                "address",
                "action",
                "namespace",
                "target",
                "result",
                "status",
                "title",
                "request_id",
                "count",
            ]);
        (entry.Text("principal"), entry.Text("source"), entry.Text("address")).ShouldBe(
            ("editor", "api_key", "127.0.0.1")
        );
        (entry.Text("action"), entry.Text("namespace"), entry.Text("target")).ShouldBe(
            ("cluster.create", $"vcluster-{name}", name)
        );
        (entry.Text("result"), entry.Number("status"), entry.Text("title")).ShouldBe(("accepted", 202, "Accepted"));
        (entry.Time("at") - DateTimeOffset.Parse(answer.Json.Text("created")))
            .Duration()
            .ShouldBeLessThan(TimeSpan.FromMinutes(1));
        entry.Number("count").ShouldBe(1);
        host.Log.Lines.ShouldContain(line =>
            line.Text.StartsWith(
                $"editor (api_key) from 127.0.0.1: cluster.create vcluster-{name}/{name}: Accepted, 202"
            )
        );
    }

    [Fact]
    public async Task The_entry_of_an_accepted_change_is_in_the_database_before_its_answer()
    {
        var name = Rows.UniqueName();

        await host.Editor.CreateAsync(new { name });

        // Straight from the database: nobody has asked the queue to hurry.
        (
            await host.Stores.ReadAsync(store => store.Audit.SingleAsync(row => row.Target == name, Cancellation))
        ).Status.ShouldBeOneOf(null, 202);
    }

    [Fact]
    public async Task Who_waited_for_the_outcome_has_it_in_the_audit()
    {
        var name = Rows.UniqueName();
        await host.Editor.CreateRunningAsync(name);
        (await host.Editor.DeleteAsync($"/api/clusters/{name}?wait=60")).ShouldBe(200);

        var entries = await EntriesAsync($"cluster={name}");

        entries
            .Select(e => (e.Text("action"), e.Number("status"), e.Text("namespace")))
            .ShouldBe([("cluster.delete", 200, $"vcluster-{name}"), ("cluster.create", 201, $"vcluster-{name}")]);
    }

    [Fact]
    public async Task Refused_changes_are_kept_one_by_one()
    {
        var name = Rows.UniqueName();
        await host.Editor.CreateAsync(new { name });

        (await host.Editor.PostAsync("/api/clusters", new { name })).ShouldBe(409);
        (await host.Editor.PostAsync("/api/clusters", new { name, ttl_hours = 0 })).ShouldBe(422);
        (await host.Editor.DeleteAsync($"/api/clusters/{name}?force=true")).ShouldBe(403);
        var viewer = await host.Viewer.PatchAsync($"/api/clusters/{name}", new { });

        var entries = await EntriesAsync($"cluster={name}&result=refused");
        entries
            .Select(e => (e.Text("action"), e.Number("status")))
            .ShouldBe([
                ("cluster.update", 403),
                ("cluster.delete", 403),
                ("cluster.create", 422),
                ("cluster.create", 409),
            ]);
        entries[0].Text("request_id").ShouldBe(viewer.Json.Text("trace_id"));
        entries[0].Text("principal").ShouldBe("viewer");
    }

    [Fact]
    public async Task A_kubeconfig_that_was_handed_out_is_in_the_audit_and_other_reads_are_not()
    {
        var name = Rows.UniqueName();
        await host.Editor.CreateRunningAsync(name);
        (await host.Editor.GetAsync($"/api/clusters/{name}/kubeconfig?mode=direct")).ShouldBe(200);
        (await host.Editor.GetAsync($"/api/clusters/{name}")).ShouldBe(200);
        (await host.Editor.GetAsync($"/api/clusters/{name}?include=kubeconfig")).ShouldBe(200);

        (await EntriesAsync($"cluster={name}"))
            .Select(e => e.Text("action"))
            .ShouldBe(["cluster.kubeconfig", "cluster.kubeconfig", "cluster.create"]);
    }

    [Fact]
    public async Task Checking_a_create_changes_nothing_and_is_not_kept()
    {
        var before = (await host.Admin.GetAsync("/api/audit?action=cluster.validate")).Json.Number("total");

        (await host.Editor.PostAsync("/api/clusters:validate", new { name = "demo" })).ShouldBe(200);

        (await host.Admin.GetAsync("/api/audit?action=cluster.validate")).Json.Number("total").ShouldBe(before);
    }

    [Theory]
    [InlineData("result=maybe", "result")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-01-01T00:00:00", "since")]
    [InlineData("until=2026-13-01T00:00:00Z", "until")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=x", "cursor")]
    public async Task A_filter_that_cannot_be_read_is_refused(string query, string field) =>
        (await host.Admin.GetAsync($"/api/audit?{query}")).ShouldBeInvalid(field);

    [Fact]
    public async Task The_audit_is_for_admins()
    {
        (await host.Admin.GetAsync("/api/audit?since=2026-01-01T00:00:00%2B02:00&principal=&result=")).ShouldBe(200);
        (await host.Editor.GetAsync("/api/audit")).ShouldBeProblem(403);
        (await host.Viewer.GetAsync("/api/audit")).ShouldBeProblem(403);
        (await host.Anonymous.GetAsync("/api/audit")).ShouldBeProblem(401);
    }

    private async Task<List<JsonObject>> EntriesAsync(string query) =>
        [
            .. (await host.Admin.GetAsync($"/api/audit?{query}")).ShouldBe(200).Json["entries"]!
                .AsArray()
                .Select(entry => entry!.AsObject()),
        ];

    internal static IEnumerable<(string Method, RouteEndpoint Route)> Changes(ManagerHost host) =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        // Without methods it takes them all.
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["POST", "DELETE"]
        where !SafeMethods.Contains(method)
        select (method, endpoint);

    private static bool IsHarmless(RouteEndpoint route) =>
        !AuditNotes.IsChange(new DefaultHttpContext { Request = { Method = "POST" } }, route.Metadata);

    private static string PathOf(RouteEndpoint route) =>
        "/"
        + string.Join(
            '/',
            route
                .RoutePattern.RawText!.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Select(part =>
                    !part.StartsWith('{') ? part
                    : part.Contains(":guid", StringComparison.Ordinal) ? "01930000-0000-7000-8000-000000000009"
                    : "no-such-thing"
                )
        );
}
