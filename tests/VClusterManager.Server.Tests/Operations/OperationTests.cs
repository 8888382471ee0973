using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Operations;

/// <summary>Operations, their logs, and the history of a cluster.</summary>
public sealed class OperationTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task An_operation_tells_what_it_does_and_did()
    {
        var created = await host.Editor.CreateAsync(new { name = "told" });
        var id = created["operation"].Text("id");
        created["operation"]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe(["id", "kind", "step", "progress"], ignoreOrder: true);
        await host.Editor.UntilAsync("told", "Running");

        var operation = (await host.Viewer.GetAsync($"/api/operations/{id}")).ShouldBe(200).Json;

        operation
            .Select(member => member.Key)
            .ShouldBe(
                [
                    "id",
                    "kind",
                    "state",
                    "message",
                    "cluster_id",
                    "cluster",
                    "namespace",
                    "generation",
                    "steps",
                    "queue_position",
                    "created_by",
                    "created",
                    "started",
                    "finished",
                ],
                ignoreOrder: true
            );
        operation.Text("kind").ShouldBe("create");
        operation.Text("state").ShouldBe("succeeded");
        operation.Text("cluster_id").ShouldBe(created.Text("id"));
        operation.Text("cluster").ShouldBe("told");
        operation.Text("namespace").ShouldBe("vcluster-told");
        operation.Text("created_by").ShouldBe("editor");
        operation["queue_position"].ShouldBeNull();
        operation.Time("started").ShouldBeGreaterThanOrEqualTo(operation.Time("created"));
        operation.Time("finished").ShouldBeGreaterThanOrEqualTo(operation.Time("started"));
        var steps = operation["steps"]!.AsArray();
        steps.Select(step => step.Text("name")).ShouldBe(["namespace", "install", "ready", "kubeconfig"]);
        steps.ShouldAllBe(step => step.Text("state") == "succeeded");
        steps[0]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe(["name", "state", "message", "started", "finished"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_log_that_is_followed_holds_all_and_ends_with_the_operation()
    {
        await host.BreakAsync("cli-hang", ns: "vcluster-followed", name: "followed");
        var id = (await host.Editor.CreateAsync(new { name = "followed" }))["operation"].Text("id");
        await Wait.UntilAsync(async () =>
            (await host.Viewer.GetAsync($"/api/operations/{id}/log")).Text.Contains("Runs vcluster create.")
        );
        var following = host.Viewer.GetAsync($"/api/operations/{id}/log?follow=true");
        following.IsCompleted.ShouldBeFalse();
        await host.MendAsync("cli-hang", "vcluster-followed", "followed");

        (await host.Editor.PostAsync($"/api/operations/{id}/cancel")).ShouldBe(202);

        var followed = await following;
        followed.ShouldBe(200).Header("Content-Type").ShouldBe("text/plain; charset=utf-8");
        followed.Text.ShouldContain("Runs vcluster create.");
        foreach (var line in followed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            line.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (manager|stdout |stderr ) ");
        }

        (await host.Viewer.GetAsync($"/api/operations/{id}/log")).ShouldBe(200).Text.ShouldBe(followed.Text);
    }

    [Fact]
    public async Task The_log_of_a_failure_ends_with_its_reason()
    {
        await host.BreakAsync("image-error", ns: "vcluster-unlucky");
        var created = await host.Editor.CreateAsync(new { name = "unlucky" });

        var followed = await host.Viewer.GetAsync($"/api/operations/{created["operation"].Text("id")}/log?follow=true");

        followed.ShouldBe(200).Text.TrimEnd().Split('\n')[^1].ShouldContain("cannot be pulled");
    }

    [Fact]
    public async Task Operations_are_listed_newest_first_page_by_page()
    {
        await host.Editor.CreateRunningAsync("listed");
        (await host.Editor.PostAsync("/api/clusters/listed/pause?wait=60")).ShouldBe(200);
        (await host.Editor.PostAsync("/api/clusters/listed/resume?wait=60")).ShouldBe(200);

        List<string> kinds = [];
        string? cursor = null;
        do
        {
            var page = await ListAsync($"cluster=listed&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            page.Number("total").ShouldBe(3);
            kinds.AddRange(page["operations"]!.AsArray().Select(o => o.Text("kind")));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        kinds.ShouldBe(["resume", "pause", "create"]);
        (await ListAsync("cluster=listed&state=succeeded")).Number("total").ShouldBe(3);
        (await ListAsync("cluster=listed&state=FAILED")).Number("total").ShouldBe(0);
        (await ListAsync("cluster=listed&namespace=elsewhere")).Number("total").ShouldBe(0);
        (await ListAsync("cluster=%00")).Number("total").ShouldBe(0);

        var tag = (await host.Viewer.GetAsync("/api/operations?cluster=listed")).Header("ETag")!;
        (await host.Viewer.GetAsync("/api/operations?cluster=listed", ("If-None-Match", tag))).ShouldBe(304);
    }

    [Theory]
    [InlineData("state=done", "state")]
    [InlineData("state=-1", "state")]
    [InlineData("state=%2B1", "state")]
    [InlineData("state=running,failed", "state")]
    [InlineData("state=1", "state")]
    [InlineData("limit=-1", "limit")]
    [InlineData("cursor=WyIxIiwiMiJd", "cursor")]
    [InlineData("cursor=WyI5OTk5OTk5OTk5OTk5OTk5OTk5IiwiMDE5MzAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIl0", "cursor")]
    public async Task A_query_that_cannot_be_understood_is_refused(string query, string field) =>
        (await host.Viewer.GetAsync("/api/operations?" + query)).ShouldBeInvalid(field);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/log")]
    [InlineData("GET", "/log?follow=true")]
    [InlineData("POST", "/cancel")]
    public async Task An_operation_that_is_not_there_is_404(string method, string rest)
    {
        foreach (var id in new[] { "01930000-0000-7000-8000-000000000009", "not-an-id", "%00", "1" })
        {
            if (id != "%00")
            {
                (await host.Editor.SendAsync(method, $"/api/operations/{id}{rest}", null)).ShouldBeProblem(404);
            }
        }
    }

    [Fact]
    public async Task The_history_holds_what_happened_newest_first_and_outlives_the_cluster()
    {
        await host.Editor.CreateRunningAsync("past");
        (await host.OtherEditor.PatchAsync("/api/clusters/past", """{"labels":{"a":"1"}}""")).ShouldBe(200);
        (await host.Editor.PostAsync("/api/clusters/past/extend", new { ttl_hours = 100 })).ShouldBe(200);
        (await host.Admin.DeleteAsync("/api/clusters/past?wait=60")).ShouldBe(200);

        var json = (await host.Viewer.GetAsync("/api/clusters/past/history")).ShouldBe(200).Json;

        json.Select(member => member.Key).ShouldBe(["history", "next_cursor", "total"], ignoreOrder: true);
        var entries = json["history"]!.AsArray();
        entries[0]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe(["at", "reason", "message", "actor", "operation"], ignoreOrder: true);
        entries
            .Select(e => $"{e.Text("reason")} by {e.Text("actor")}")
            .ShouldBe(["Delete by admin", "Extended by editor", "Edited by other-editor", "Create by editor"]);
        entries.Select(e => e.Time("at")).ShouldBeInOrder(SortDirection.Descending);
        json.Number("total").ShouldBe(4);
        entries[0]!["operation"].Text("kind").ShouldBe("delete");
        entries[1]!["operation"].ShouldBeNull();

        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await host.Viewer.GetAsync($"/api/clusters/past/history?limit=1&cursor={cursor}")).ShouldBe(
                200
            );
            pages.Add(page.Json["history"]![0].Text("reason"));
            cursor = page.Json["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        pages.ShouldBe(["Delete", "Extended", "Edited", "Create"]);
        (await host.Viewer.GetAsync("/api/clusters/past/history?cursor=bnVsbA")).ShouldBeInvalid("cursor");
    }

    private async Task<JsonObject> ListAsync(string query) =>
        (await host.Viewer.GetAsync("/api/operations?" + query)).ShouldBe(200).Json;
}
