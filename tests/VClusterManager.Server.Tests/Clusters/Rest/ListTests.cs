using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>The list of clusters: filters, order, pages, tags.</summary>
public sealed class ListTests(QuietHost host) : IClassFixture<QuietHost>
{
    [Fact]
    public async Task A_list_has_its_fields_and_a_total()
    {
        await CreateAsync("fields-1", "fields");
        await CreateAsync("fields-2", "fields");

        var json = await ListAsync("label_selector=set=fields");

        json.Select(member => member.Key).ShouldBe(["clusters", "next_cursor", "total"], ignoreOrder: true);
        json["next_cursor"].ShouldBeNull();
        json.Number("total").ShouldBe(2);
        Names(json).ShouldBe(["fields-2", "fields-1"], "the newest first");
        json["clusters"]![0]!.AsObject().ContainsKey("kubeconfig").ShouldBeFalse();
        json["clusters"]![0]!.AsObject().ContainsKey("values").ShouldBeFalse();
    }

    [Theory]
    [InlineData("label_selector=set=filter,tier=web", "filter-a")]
    [InlineData("label_selector=set=filter,tier%3D%3Dweb", "filter-a")]
    [InlineData("label_selector=set=filter,tier!=web", "filter-b filter-c")]
    [InlineData("label_selector=set=filter,tier in (web, db)", "filter-a filter-b")]
    [InlineData("label_selector=set=filter,tier notin (web,db)", "filter-c")]
    [InlineData("label_selector=set=filter,tier", "filter-a filter-b")]
    [InlineData("label_selector=set=filter,!tier", "filter-c")]
    [InlineData("label_selector=set=filter&created_by=other-editor", "filter-c")]
    [InlineData("label_selector=set=filter&created_by=nobody", "")]
    [InlineData("label_selector=set=filter&source=api", "filter-a filter-b filter-c")]
    [InlineData("label_selector=set=filter&source=github", "")]
    [InlineData("label_selector=set=filter&managed=false", "")]
    [InlineData("label_selector=set=filter&managed=true&q=ER-B", "filter-b")]
    [InlineData("label_selector=set=filter&q=other-EDITOR", "filter-c")]
    [InlineData("label_selector=set=filter&namespace=vcluster-filter-a", "filter-a")]
    [InlineData("label_selector=set=filter&status=Pending,provisioning", "filter-a filter-b filter-c")]
    [InlineData("label_selector=set=filter&status=Running", "")]
    public async Task Filters_take_what_they_say(string query, string expected)
    {
        await EnsureAsync(host.Editor, "filter-a", new { set = "filter", tier = "web" });
        await EnsureAsync(host.Editor, "filter-b", new { set = "filter", tier = "db" });
        await EnsureAsync(host.OtherEditor, "filter-c", new { set = "filter" });

        var json = await ListAsync($"{query}&sort=name");

        string.Join(' ', Names(json)).ShouldBe(expected);
        json.Number("total").ShouldBe(Names(json).Length);
    }

    [Theory]
    [InlineData("status=Dead", "status")]
    [InlineData("status=-1", "status")]
    [InlineData("status=%2B1", "status")]
    [InlineData("status=2", "status")]
    [InlineData("label_selector=a in b", "label_selector")]
    [InlineData("label_selector=a=b,", "label_selector")]
    [InlineData("label_selector==", "label_selector")]
    [InlineData("label_selector=a in (b", "label_selector")]
    [InlineData("label_selector=a in ()c)", "label_selector")]
    [InlineData("label_selector=a=b=c", "label_selector")]
    [InlineData("label_selector=!", "label_selector")]
    [InlineData("label_selector=a%00", "label_selector")]
    [InlineData("sort=age", "sort")]
    [InlineData("sort=-", "sort")]
    [InlineData("sort=--name", "sort")]
    [InlineData("managed=perhaps", "managed")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=WyJuYW1lIiwieCIsInkiXQ", "cursor")]
    [InlineData("cursor=bnVsbA", "cursor")]
    public async Task A_query_that_cannot_be_understood_is_refused(string query, string field) =>
        (await host.Viewer.GetAsync("/api/clusters?" + query)).ShouldBeInvalid(field);

    [Theory]
    [InlineData("name", "sort-a sort-b sort-c")]
    [InlineData("-name", "sort-c sort-b sort-a")]
    [InlineData("created", "sort-b sort-c sort-a")]
    [InlineData("-created", "sort-a sort-c sort-b")]
    [InlineData("expires_at", "sort-c sort-a sort-b")]
    [InlineData("-namespace", "sort-c sort-b sort-a")]
    public async Task The_order_is_the_one_that_is_asked_for(string sort, string expected)
    {
        await EnsureAsync(host.Editor, "sort-b", new { set = "sort" }, ttl: 9);
        await EnsureAsync(host.Editor, "sort-c", new { set = "sort" }, ttl: 1);
        await EnsureAsync(host.Editor, "sort-a", new { set = "sort" }, ttl: 5);

        string.Join(' ', Names(await ListAsync($"label_selector=set=sort&sort={sort}"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("-created")]
    [InlineData("status")]
    public async Task All_pages_together_hold_each_cluster_once(string sort)
    {
        var set = "pages" + sort.TrimStart('-');
        for (var i = 0; i < 7; i++)
        {
            await EnsureAsync(host.Editor, $"{set}-{i}", new { set });
        }

        var names = await PagesAsync($"label_selector=set={set}&sort={sort}&limit=3", _ => Task.CompletedTask);

        names.Count.ShouldBe(7);
        names.Distinct().Count().ShouldBe(7);
    }

    [Fact]
    public async Task Pages_stay_in_step_while_clusters_come_and_go()
    {
        for (var i = 0; i < 9; i++)
        {
            await CreateAsync($"moving-{i}", "moving");
        }

        var query = "label_selector=set=moving&sort=name&limit=4";
        var names = await PagesAsync(
            query,
            async page =>
            {
                if (page == 1)
                {
                    // Before and behind the cursor: one goes, which is the cursor's own, and two come.
                    (await host.Editor.PatchAsync("/api/clusters/moving-3", """{"labels":{"set":null}}""")).ShouldBe(
                        200
                    );
                    await CreateAsync("moving-0a", "moving");
                    await CreateAsync("moving-5a", "moving");
                }
            }
        );

        names.ShouldBe([
            "moving-0",
            "moving-1",
            "moving-2",
            "moving-3",
            "moving-4",
            "moving-5",
            "moving-5a",
            "moving-6",
            "moving-7",
            "moving-8",
        ]);
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        await CreateAsync("cursor-1", "cursor");
        await CreateAsync("cursor-2", "cursor");
        var cursor = (await ListAsync("label_selector=set=cursor&limit=1&sort=name")).Text("next_cursor");

        (await host.Viewer.GetAsync($"/api/clusters?limit=1&sort=-name&cursor={cursor}")).ShouldBeInvalid("cursor");
    }

    [Fact]
    public async Task A_list_that_has_not_changed_is_answered_304()
    {
        await HoldTheQueueAsync();
        await CreateAsync("tagged", "tagged");
        const string Path = "/api/clusters?label_selector=set=tagged";
        var first = await host.Viewer.GetAsync(Path);
        var tag = first.ShouldBe(200).Header("ETag")!;
        tag.ShouldMatch("^\"[0-9a-f]{32}\"$");
        first.Header("Cache-Control")!.Split(", ").ShouldBe(["private", "no-cache"], ignoreOrder: true);

        var same = await host.Viewer.GetAsync(Path, ("If-None-Match", tag));
        same.ShouldBe(304).Text.ShouldBeEmpty();
        same.Header("ETag").ShouldBe(tag);
        (await host.Viewer.GetAsync(Path, ("If-None-Match", "\"x\", W/" + tag))).ShouldBe(304);
        (await host.Viewer.GetAsync(Path, ("If-None-Match", "\"x\""))).ShouldBe(200);

        (await host.Editor.PatchAsync("/api/clusters/tagged", """{"labels":{"new":"1"}}""")).ShouldBe(200);
        var changed = await host.Viewer.GetAsync(Path, ("If-None-Match", tag));
        changed.ShouldBe(200).Header("ETag").ShouldNotBe(tag);
    }

    private Task<JsonObject> CreateAsync(string name, string set) =>
        host.Editor.CreateAsync(new { name, labels = new { set } });

    /// <summary>One cluster is being made, so that those after it stay as they are.</summary>
    private async Task HoldTheQueueAsync()
    {
        await EnsureAsync(host.Editor, "holder", new { set = "holder" });
        await Wait.UntilAsync(async () =>
            (await ListAsync("status=Provisioning"))["clusters"]!
                .AsArray()
                .Any(c => c!["operation"]!["step"]?.GetValue<string>() == "install")
        );
    }

    /// <summary>For the cases of one theory, which share their clusters.</summary>
    private static async Task EnsureAsync(Caller caller, string name, object labels, int ttl = 24)
    {
        var answer = await caller.PostAsync(
            "/api/clusters",
            new
            {
                name,
                labels,
                ttl_hours = ttl,
            }
        );
        answer.Status.ShouldBeOneOf([202, 409], answer.Text);
    }

    private async Task<JsonObject> ListAsync(string query) =>
        (await host.Viewer.GetAsync("/api/clusters?" + query)).ShouldBe(200).Json;

    private async Task<List<string>> PagesAsync(string query, Func<int, Task> between)
    {
        List<string> names = [];
        string? cursor = null;
        for (var page = 1; page == 1 || cursor is not null; page++)
        {
            var json = await ListAsync(query + (cursor is null ? "" : $"&cursor={cursor}"));
            names.AddRange(Names(json));
            cursor = json["next_cursor"]?.GetValue<string>();
            await between(page);
        }

        return names;
    }

    private static string[] Names(JsonObject list) => [.. list["clusters"]!.AsArray().Select(c => c.Text("name"))];
}
