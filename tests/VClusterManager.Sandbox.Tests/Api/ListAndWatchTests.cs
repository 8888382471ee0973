using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class ListAndWatchTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task Pages_show_one_version_even_when_objects_come_and_go_between_them()
    {
        var path = await NamespaceAsync("pages");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await CreateAsync(path, name);
        }

        var selected = $"{path}?labelSelector=test&limit=2";
        var first = await Admin.GetJsonAsync(selected);
        await CreateAsync(path, "bb");
        await Admin.DeleteJsonAsync($"{path}/c");
        var second = await Admin.GetJsonAsync($"{selected}&continue={first.Text("metadata", "continue")}");

        second["items"]!.AsArray().Select(item => item.Text("metadata", "name")).ShouldBe(["c"]);
        second.Text("metadata", "resourceVersion").ShouldBe(first.Text("metadata", "resourceVersion"));
        second.Text("metadata", "continue").ShouldBeNull();
    }

    [Fact]
    public async Task A_page_of_forgotten_history_is_expired()
    {
        await using var own = await FreshHost.StartAsync();
        await own.Sandbox.CreateNamespaceAsync("x");
        var first = await own.Sandbox.Admin.GetJsonAsync("/api/v1/namespaces?limit=1");
        await own.Sandbox.CreateNamespaceAsync("y");
        own.Sandbox.Host.Cluster.Store.Compact();

        var second = await own.Sandbox.Admin.GetJsonAsync(
            $"/api/v1/namespaces?limit=1&continue={first.Text("metadata", "continue")}"
        );

        second.Text("reason").ShouldBe("Expired");
        second.Text("code").ShouldBe("410");
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_says_so_inside_the_stream()
    {
        await using var own = await FreshHost.StartAsync();
        await own.Sandbox.CreateNamespaceAsync("x");
        own.Sandbox.Host.Cluster.Store.Compact();

        using var watch = await WatchStream.OpenAsync(own.Sandbox.Admin, "/api/v1/namespaces?resourceVersion=1");
        var change = await watch.NextAsync();

        change.Text("type").ShouldBe("ERROR");
        change.Text("object", "code").ShouldBe("410");
        change.Text("object", "message")!.ShouldStartWith("too old resource version: 1 (");
        (await watch.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_watch_goes_on_from_where_a_list_ended()
    {
        var path = await NamespaceAsync("resume");
        await CreateAsync(path, "before");
        var list = await Admin.GetJsonAsync(path);
        await CreateAsync(path, "after");

        using var watch = await WatchStream.OpenAsync(
            Admin,
            $"{path}?labelSelector=test&resourceVersion={list.Text("metadata", "resourceVersion")}"
        );

        (await watch.NextAsync()).Text("object", "metadata", "name").ShouldBe("after");
    }

    [Fact]
    public async Task An_object_that_leaves_the_selection_looks_deleted_and_one_that_enters_it_looks_new()
    {
        var path = await NamespaceAsync("selection");
        using var watch = await WatchStream.OpenAsync(Admin, $"{path}?labelSelector=chosen");
        await CreateAsync(path, "one");

        await Admin.MergeAsync($"{path}/one", """{"metadata":{"labels":{"chosen":"yes"}}}""");
        (await watch.NextAsync()).Text("type").ShouldBe("ADDED");
        await Admin.MergeAsync($"{path}/one", """{"metadata":{"labels":{"chosen":null}}}""");
        (await watch.NextAsync()).Text("type").ShouldBe("DELETED");
    }

    [Fact]
    public async Task Metadata_alone_can_be_watched()
    {
        var path = await NamespaceAsync("metadata");
        await CreateAsync(path, "one");
        using var watch = await WatchStream.OpenAsync(
            Admin,
            $"{path}?labelSelector=test",
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
        );

        var change = await watch.NextAsync();

        change.Text("object", "kind").ShouldBe("PartialObjectMetadata");
        change!["object"]!.AsObject().ContainsKey("data").ShouldBeFalse();
    }

    [Fact]
    public async Task Lists_of_all_namespaces_come_in_the_order_of_the_keys()
    {
        var one = await NamespaceAsync("order");
        var other = await NamespaceAsync("order-b");
        await CreateAsync(one, "z");
        await CreateAsync(other, "a");

        var list = await Admin.GetJsonAsync("/api/v1/configmaps?labelSelector=test");

        var names = list["items"]!
            .AsArray()
            .Select(item => $"{item.Text("metadata", "namespace")}/{item.Text("metadata", "name")}")
            .ToList();
        names.IndexOf("order-b/a").ShouldBeLessThan(names.IndexOf("order/z"));
    }

    [Theory]
    [InlineData("resourceVersion=99999999", 504, "Timeout")]
    [InlineData("resourceVersion=x", 400, "BadRequest")]
    [InlineData("fieldSelector=spec.x%3D1", 400, "BadRequest")]
    [InlineData("labelSelector=a%20b", 400, "BadRequest")]
    public async Task Questions_that_cannot_be_answered_are_refused(string query, int code, string reason)
    {
        var answer = await Admin.GetJsonAsync($"/api/v1/configmaps?{query}");
        answer.Text("code").ShouldBe(code.ToString());
        answer.Text("reason").ShouldBe(reason);
    }

    [Fact]
    public async Task Pods_are_found_by_their_fields()
    {
        await sandbox.CreateNamespaceAsync("fields");
        const string pod = """{"metadata":{"generateName":"p-"},"spec":{"containers":[{"name":"c","image":"i"}]}}""";
        await Admin.PostJsonAsync("/api/v1/namespaces/fields/pods", pod);

        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/fields/pods?fieldSelector=status.phase%3DRunning,spec.nodeName!%3D",
            list => list["items"]!.AsArray().Count == 1
        );
    }

    private async Task<string> NamespaceAsync(string name)
    {
        await sandbox.CreateNamespaceAsync(name);
        return $"/api/v1/namespaces/{name}/configmaps";
    }

    private Task<JsonObject> CreateAsync(string path, string name) =>
        Admin.PostJsonAsync(path, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"test":"1"}},"data":{"a":"b"}}""");
}
