using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class WriteTests(SandboxHost sandbox) : IClassFixture<SandboxHost>, IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/writes/configmaps";

    private HttpClient Admin => sandbox.Admin;

    public async ValueTask InitializeAsync() => await sandbox.CreateNamespaceAsync("writes");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_writer_with_a_stale_version_loses()
    {
        var created = await Admin.PostJsonAsync(Maps, """{"metadata":{"name":"stale"}}""");
        await Admin.MergeAsync($"{Maps}/stale", """{"data":{"a":"1"}}""");
        created["data"] = new System.Text.Json.Nodes.JsonObject { ["a"] = "2" };

        var answer = await Admin.PutJsonAsync($"{Maps}/stale", created.ToJsonString());

        answer.Text("reason").ShouldBe("Conflict");
        (await Admin.GetJsonAsync($"{Maps}/stale")).Text("data", "a").ShouldBe("1");
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_version()
    {
        var created = await Admin.PostJsonAsync(Maps, """{"metadata":{"name":"same"},"data":{"a":"1"}}""");
        var again = await Admin.MergeAsync($"{Maps}/same", """{"data":{"a":"1"}}""");
        again.Text("metadata", "resourceVersion").ShouldBe(created.Text("metadata", "resourceVersion"));
    }

    [Fact]
    public async Task Two_hundred_patches_at_once_are_all_kept()
    {
        await Admin.PostJsonAsync(Maps, """{"metadata":{"name":"crowd"}}""");
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Admin.MergeAsync($"{Maps}/crowd", $$$"""{"data":{"k{{{i}}}":"v"}}"""))
        );
        (await Admin.GetJsonAsync($"{Maps}/crowd"))["data"]!.AsObject().Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_leaves_no_trace()
    {
        (await Admin.PostJsonAsync($"{Maps}?dryRun=All", """{"metadata":{"name":"dry"}}"""))
            .Text("metadata", "name")
            .ShouldBe("dry");
        (await Admin.GetJsonAsync($"{Maps}/dry")).Text("code").ShouldBe("404");
    }

    [Fact]
    public async Task Status_is_written_only_by_its_own_address()
    {
        const string path = "/apis/apps/v1/namespaces/writes/deployments";
        await Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"d"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""
        );
        var spec = await Admin.MergeAsync($"{path}/d", """{"status":{"replicas":7}}""");
        spec.Text("status", "replicas").ShouldNotBe("7");
        var status = await Admin.MergeAsync(
            $"{path}/d/status",
            """{"spec":{"replicas":7},"status":{"collisionCount":7}}"""
        );
        status.Text("status", "collisionCount").ShouldBe("7");
        status.Text("spec", "replicas").ShouldBe("0");
    }

    [Fact]
    public async Task The_generation_counts_changes_of_the_spec_alone()
    {
        const string path = "/apis/apps/v1/namespaces/writes/statefulsets";
        await Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"s"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""
        );
        (await Admin.MergeAsync($"{path}/s", """{"metadata":{"labels":{"x":"y"}}}"""))
            .Text("metadata", "generation")
            .ShouldBe("1");
        (await Admin.MergeAsync($"{path}/s", """{"spec":{"replicas":2}}"""))
            .Text("metadata", "generation")
            .ShouldBe("2");
        (await Admin.MergeAsync($"{path}/s", """{"spec":{"serviceName":"other"}}"""))
            .Text("message")!
            .ShouldContain("updates to statefulset spec for fields other than");
    }

    [Fact]
    public async Task Values_of_a_wrong_type_are_refused_with_the_field_named()
    {
        var answer = await Admin.PostJsonAsync(Maps, """{"metadata":{"name":"wrong"},"data":{"a":1}}""");
        answer.Text("code").ShouldBe("400");
        answer
            .Text("message")
            .ShouldBe(
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
            );
    }

    [Theory]
    [InlineData(
        "/api/v1/namespaces/writes/services",
        """{"metadata":{"name":"1abc"},"spec":{"ports":[{"port":1}]}}""",
        "a DNS-1035 label must consist of"
    )]
    [InlineData("/api/v1/namespaces/writes/services", """{"metadata":{"name":"abc"}}""", "spec.ports: Required value")]
    [InlineData(Maps, """{"metadata":{"name":"a","labels":{"x":"y z"}}}""", "metadata.labels: Invalid value: \"y z\"")]
    [InlineData(Maps, "{}", "name or generateName is required")]
    [InlineData(
        "/api/v1/namespaces/writes/pods",
        """{"metadata":{"name":"p"},"spec":{}}""",
        "spec.containers: Required value"
    )]
    public async Task Objects_that_break_a_rule_are_invalid(string path, string body, string why)
    {
        var answer = await Admin.PostJsonAsync(path, body);
        answer.Text("code").ShouldBe("422");
        answer.Text("message")!.ShouldContain(why);
    }

    [Fact]
    public async Task An_applied_field_that_is_no_longer_named_goes_unless_another_owns_it()
    {
        const string path = $"{Maps}/applied";
        await ApplyAsync(path, "one", """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1","b":"1"}}""");
        await ApplyAsync(path, "two", """{"apiVersion":"v1","kind":"ConfigMap","data":{"b":"1"}}""");

        var applied = await ApplyAsync(path, "one", """{"apiVersion":"v1","kind":"ConfigMap","data":{"c":"1"}}""");

        applied["data"]!.ToJsonString().ShouldBe("""{"b":"1","c":"1"}""");
    }

    [Fact]
    public async Task A_forced_apply_takes_the_field_over()
    {
        const string path = $"{Maps}/forced";
        await ApplyAsync(path, "one", """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1"}}""");
        var forced = await ApplyAsync(
            $"{path}",
            "two&force=true",
            """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"2"}}"""
        );

        forced.Text("data", "a").ShouldBe("2");
        forced["metadata"]!["managedFields"]!.AsArray().Single().Text("manager").ShouldBe("two");
    }

    private Task<System.Text.Json.Nodes.JsonObject> ApplyAsync(string path, string manager, string config) =>
        Admin.PatchAsync($"{path}?fieldManager={manager}", config, "application/apply-patch+yaml");
}
