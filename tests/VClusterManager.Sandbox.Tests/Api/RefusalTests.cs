using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

/// <summary>What the real server refuses, in its words.</summary>
public sealed class RefusalTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private const string Merge = "application/merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    public static TheoryData<string, string, int, string> Objects =>
        new()
        {
            {
                "configmaps",
                """{"metadata":{"name":"x","resourceVersion":"5"}}""",
                500,
                "resourceVersion should not be set"
            },
            { "configmaps", """{"metadata":{"name":"x","finalizers":["mine"]}}""", 422, "nor is it fully qualified" },
            {
                "configmaps",
                """{"metadata":{"name":"x","ownerReferences":[{"kind":"Pod"}]}}""",
                422,
                "uid must not be empty"
            },
            {
                "secrets",
                """{"metadata":{"name":"x"},"data":{"a":"###"}}""",
                400,
                "illegal base64 data at input byte 0"
            },
            { "pods", Pod("""{"name":"c","image":"i"},{"name":"c","image":"i"}"""), 422, "Duplicate value: \"c\"" },
            {
                "pods",
                Pod("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v"}]}"""),
                422,
                "Not found: \"v\""
            },
            {
                "pods",
                Pod("""{"name":"c","image":"i","ports":[{"containerPort":99999}]}"""),
                422,
                "between 1 and 65535"
            },
            {
                "pods",
                Pod("""{"name":"c","image":"i","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}}"""),
                422,
                "cpu limit of 1"
            },
            {
                "pods",
                Pod("""{"name":"c","image":"i","resources":{"limits":{"cpu":"much"}}}"""),
                400,
                "quantities must match"
            },
            {
                "pods",
                Pod("""{"name":"c","image":"i"}""", "Sometimes"),
                422,
                "supported values: \"Always\", \"OnFailure\", \"Never\""
            },
            {
                "services",
                """{"metadata":{"name":"x"},"spec":{"ports":[{"port":1},{"port":2}]}}""",
                422,
                "spec.ports[0].name: Required value"
            },
            {
                "services",
                """{"metadata":{"name":"x"},"spec":{"type":"Own","ports":[{"port":1}]}}""",
                422,
                "Unsupported value: \"Own\""
            },
        };

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task An_object_that_breaks_a_rule_is_not_created(string plural, string body, int code, string message)
    {
        await sandbox.CreateNamespaceAsync("objects");
        var answer = await sandbox.Admin.PostJsonAsync($"/api/v1/namespaces/objects/{plural}", body);
        answer.Text("code").ShouldBe($"{code}", answer.ToJsonString());
        answer.Text("message")!.ShouldContain(message);
    }

    [Theory]
    [InlineData("POST", "/configmaps?dryRun=Some", "application/json", 422, "CreateOptions.meta.k8s.io")]
    [InlineData(
        "POST",
        "/configmaps?fieldValidation=Some",
        "application/json",
        422,
        "supported values: \"\", \"Ignore\""
    )]
    [InlineData("PATCH", "/configmaps/x?force=true", Merge, 422, "may not be specified for non-apply patch")]
    [InlineData("PATCH", "/configmaps/x?fieldManager=m", Apply, 400, "'Kind' is missing")]
    [InlineData("DELETE", "/configmaps/x?propagationPolicy=Some", "application/json", 422, "DeleteOptions.meta.k8s.io")]
    [InlineData(
        "GET",
        "/configmaps?resourceVersionMatch=Exact",
        null,
        422,
        "forbidden unless resourceVersion is provided"
    )]
    [InlineData("GET", "/configmaps?sendInitialEvents=true", null, 422, "sendInitialEvents is forbidden for list")]
    [InlineData(
        "GET",
        "/configmaps?watch=true&sendInitialEvents=true",
        null,
        422,
        "requires setting resourceVersionMatch"
    )]
    public async Task An_option_that_there_is_not_is_refused(
        string method,
        string path,
        string? type,
        int code,
        string message
    )
    {
        await sandbox.CreateNamespaceAsync("options");
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/namespaces/options{path}");
        if (type is not null)
        {
            request.Content = new StringContent("""{"metadata":{"name":"x"}}""");
            request.Content.Headers.ContentType = new(type);
        }

        using var answer = await sandbox.Admin.SendAsync(request);

        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(code, text);
        text.Replace("\\\"", "\"", StringComparison.Ordinal).ShouldContain(message);
    }

    [Fact]
    public async Task A_patch_cannot_rename_and_an_apply_must_mean_what_its_address_says()
    {
        await sandbox.CreateNamespaceAsync("names");
        const string path = "/api/v1/namespaces/names/configmaps";
        await sandbox.Admin.PostJsonAsync(path, """{"metadata":{"name":"a"}}""");
        const string message = "the name of the object (b) does not match the name on the URL (a)";

        var patched = await sandbox.Admin.MergeAsync($"{path}/a", """{"metadata":{"name":"b"}}""");
        patched.Text("message").ShouldBe(message);
        var applied = await sandbox.Admin.PatchAsync(
            $"{path}/a?fieldManager=m",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""",
            Apply
        );
        applied.Text("message").ShouldBe(message);
    }

    [Fact]
    public async Task A_field_that_stands_twice_is_refused_strictly_and_else_the_last_one_counts()
    {
        await sandbox.CreateNamespaceAsync("twice");
        const string path = "/api/v1/namespaces/twice/configmaps";
        const string body = """{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}""";

        var strict = await sandbox.Admin.PostJsonAsync($"{path}?fieldValidation=Strict", body);
        strict.Text("message")!.ShouldContain("strict decoding error: duplicate field \"data.a\"");
        (await sandbox.Admin.PostJsonAsync(path, body)).Text("data", "a").ShouldBe("2");
    }

    [Fact]
    public async Task What_must_not_change_does_not_change()
    {
        await sandbox.CreateNamespaceAsync("changes");
        const string pods = "/api/v1/namespaces/changes/pods";
        await sandbox.Admin.PostJsonAsync(pods, Pod("""{"name":"c","image":"i"}"""));
        var pod = await sandbox.Admin.MergeAsync($"{pods}/x", """{"spec":{"restartPolicy":"Never"}}""");
        pod.Text("message")!.ShouldContain("pod updates may not change fields other than");
        (
            await sandbox.Admin.PatchAsync(
                $"{pods}/x",
                """{"spec":{"containers":[{"name":"c","image":"j"}]}}""",
                "application/strategic-merge-patch+json"
            )
        )
            .Text("kind")
            .ShouldBe("Pod");

        const string jobs = "/apis/batch/v1/namespaces/changes/jobs";
        await sandbox.Admin.PostJsonAsync(
            jobs,
            """{"metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"""
        );
        var job = await sandbox.Admin.MergeAsync(
            $"{jobs}/j",
            """{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}"""
        );
        job.Text("message")!.ShouldContain("field is immutable");
    }

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    public async Task Some_namespaces_cannot_be_deleted(string name)
    {
        var answer = await sandbox.Admin.DeleteJsonAsync($"/api/v1/namespaces/{name}");
        answer.Text("code").ShouldBe("403");
        answer.Text("message").ShouldBe($"namespaces \"{name}\" is forbidden: this namespace may not be deleted");
    }

    private static string Pod(string containers, string policy = "Always") =>
        $$$"""{"metadata":{"name":"x"},"spec":{"restartPolicy":"{{{policy}}}","containers":[{{{containers}}}]} }""";
}
