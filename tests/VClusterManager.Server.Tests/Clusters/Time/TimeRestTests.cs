using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

/// <summary>What callers say of time, and what they are told of it.</summary>
public sealed class TimeRestTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task Sleep_is_asked_for_changed_and_taken_away()
    {
        var made = await host.Editor.CreateAsync(
            new
            {
                name = "sleeper",
                sleep_after = "1h30m",
                sleep_schedule = new { sleep = "0 20 * * MON-FRI", wake = "0 7 * * MON-FRI" },
            },
            "?wait=60"
        );
        made.Text("sleep_after").ShouldBe("1h30m");
        made["sleep_schedule"]!.Text("wake").ShouldBe("0 7 * * MON-FRI");

        var merged = await host.Editor.PatchAsync(
            "/api/clusters/sleeper",
            new { sleep_after = "never", sleep_schedule = new { time_zone = "Europe/Berlin" } }
        );
        merged.ShouldBe(200).Json["sleep_after"].ShouldBeNull();
        merged.Json["sleep_schedule"]!.Text("time_zone").ShouldBe("Europe/Berlin");
        merged.Json["sleep_schedule"]!.Text("sleep").ShouldBe("0 20 * * MON-FRI");

        var gone = await host.Editor.PatchAsync(
            "/api/clusters/sleeper",
            new { sleep_schedule = new { sleep = "never" } }
        );
        gone.ShouldBe(200).Json["sleep_schedule"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"name":"x","sleep_after":"1s"}""", "sleep_after")]
    [InlineData("""{"name":"x","sleep_after":"soon"}""", "sleep_after")]
    [InlineData("""{"name":"x","sleep_schedule":{}}""", "sleep_schedule")]
    [InlineData("""{"name":"x","sleep_schedule":{"sleep":"at night"}}""", "sleep_schedule.sleep")]
    [InlineData("""{"name":"x","sleep_schedule":{"sleep":"0 20 * * *","wake":"x"}}""", "sleep_schedule.wake")]
    [InlineData("""{"name":"x","sleep_schedule":{"sleep":"0 20 * * *","time_zone":"x"}}""", "sleep_schedule.time_zone")]
    public async Task What_is_no_time_is_refused_by_its_field(string body, string field) =>
        (await host.Editor.PostAsync("/api/clusters", body)).ShouldBeInvalid(field);

    [Theory]
    [InlineData("""{"sleep_schedule":{"sleep":"0 20 * * *","weak":"0 7 * * *"}}""", "sleep_schedule.weak")]
    [InlineData("""{"sleep_schedule":{"sleep":"* * * * *"}}""", "sleep_schedule.sleep")]
    [InlineData("""{"sleep_schedule":{"wake":"0 7 * * *"}}""", "sleep_schedule")]
    public async Task A_change_to_what_is_no_time_is_refused_by_its_field(string body, string field)
    {
        var name = (await host.Editor.CreateAsync(new { name = $"steady-{Guid.NewGuid().ToString("N")[..8]}" })).Text(
            "name"
        );

        (
            await host.Editor.PatchAsync($"/api/clusters/{name}", System.Text.Json.Nodes.JsonNode.Parse(body)!)
        ).ShouldBeInvalid(field);
    }

    [Fact]
    public async Task The_pruner_takes_away_what_is_overdue_and_says_what_it_would_do()
    {
        var made = await host.Editor.CreateRunningAsync("overdue");
        await AgeAsync(Guid.Parse(made.Text("id")), TimeSpan.FromDays(2));

        var dry = (await host.Admin.PostAsync("/api/prune", new { dry_run = true })).ShouldBe(200).Json;
        dry["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        var found = dry["clusters"]!.AsArray().Single(c => c.Text("name") == "overdue");
        found.Text("verdict").ShouldBe("Prune");
        found.Text("reason").ShouldContain("Its time to live ended at");
        (await host.Editor.GetAsync("/api/clusters/overdue")).ShouldBe(200);

        var done = (await host.Admin.PostAsync("/api/prune")).ShouldBe(200).Json;
        done["clusters"]!.AsArray().ShouldContain(c => c.Text("name") == "overdue" && c.Text("verdict") == "Prune");
        await Wait.UntilAsync(async () => (await host.Editor.GetAsync("/api/clusters/overdue")).Status == 404);
        (await host.Editor.GetAsync("/api/clusters/overdue"))
            .ShouldBeProblem(404)
            .Detail.ShouldContain("by system: its time to live ended at");
        (await host.Admin.PostAsync("/api/prune", new { budget = 0 })).ShouldBeInvalid("budget");
        (await host.Editor.PostAsync("/api/prune")).ShouldBeProblem(403);
    }

    [Fact]
    public async Task Usage_is_told_by_whom_where_and_for_how_long()
    {
        await host.OtherEditor.CreateRunningAsync("counted");

        var report = (await host.Viewer.GetAsync("/api/usage?group_by=cluster")).ShouldBe(200).Json;

        report.Text("group_by").ShouldBe("cluster");
        var group = report["groups"]!.AsArray().Single(g => g.Text("key") == "vcluster-counted/counted");
        group!["usage"]!["run_hours"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
        (await host.Viewer.GetAsync("/api/usage?group_by=colour")).ShouldBeInvalid("group_by");
        (await host.Viewer.GetAsync("/api/usage?from=yesterday")).ShouldBeInvalid("from");
        (await host.Viewer.GetAsync("/api/usage?from=2020-01-01T00:00:00Z")).ShouldBeInvalid("from");
        (await host.Viewer.GetAsync("/api/usage?to=0001-01-05T00:00:00Z")).ShouldBe(200);
    }

    /// <summary>As if it had been made that much earlier.</summary>
    private Task AgeAsync(Guid cluster, TimeSpan age) =>
        host.Stores.TransactAsync(
            async store =>
            {
                var row = await store.Clusters.SingleAsync(c => c.Id == cluster);
                row.EndsAt(row.ExpiresAt - age);
            },
            CancellationToken.None
        );
}
