using Shouldly;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>What cannot be understood is refused with the right status and a reason, and leaves nothing behind.</summary>
public sealed class BadInputTests(QuietHost host) : IClassFixture<QuietHost>
{
    public static TheoryData<string, int, string> Bodies =>
        new()
        {
            { "", 400, "needs a JSON body" },
            { "   ", 400, "not valid JSON" },
            { "null", 400, "needs a JSON body" },
            { "{", 400, "not valid JSON" },
            { "{}}", 400, "not valid JSON" },
            { "{\"name\":\"a\",}", 400, "not valid JSON" },
            { "// comment\n{}", 400, "not valid JSON" },
            { "name: yaml", 400, "not valid JSON" },
            { "[]", 400, "must be an object" },
            { "\"x\"", 400, "must be an object" },
            { "5", 400, "must be an object" },
            { "true", 400, "must be an object" },
            { "{}", 422, "name is required" },
            { """{"name":null}""", 422, "name is required" },
            { """{"name":""}""", 422, "name is required" },
            { """{"name":5}""", 400, "name must be text" },
            { """{"name":["a"]}""", 400, "name must be text" },
            { """{"name":{"a":1}}""", 400, "name must be text" },
            { """{"name":true}""", 400, "name must be text" },
            { """{"name":"a","namespace":1}""", 400, "namespace must be text" },
            { """{"name":"a","k8s_version":1.34}""", 400, "k8s_version must be text" },
            { """{"name":"a","values":[]}""", 400, "values must be an object" },
            { """{"name":"a","values":"x"}""", 400, "values must be an object" },
            { """{"name":"a","values":5}""", 400, "values must be an object" },
            { """{"name":"a","labels":[]}""", 400, "labels must be an object" },
            { """{"name":"a","labels":{"b":1}}""", 400, "must be text" },
            { """{"name":"a","labels":{"b":null}}""", 422, "labels" },
            { """{"name":"a","ttl_hours":"5"}""", 400, "ttl_hours must be a whole number" },
            { """{"name":"a","ttl_hours":1.5}""", 400, "ttl_hours must be a whole number" },
            { """{"name":"a","ttl_hours":1e3}""", 400, "ttl_hours must be a whole number" },
            { """{"name":"a","ttl_hours":-1}""", 422, "ttl_hours must be 1 to 720" },
            { """{"name":"a","ttl_hours":2147483648}""", 400, "ttl_hours must be a whole number" },
            { """{"name":"a","ttl_hours":99999999999999999999999}""", 400, "ttl_hours must be a whole number" },
            { """{"name":"a","ttl_hours":NaN}""", 400, "not valid JSON" },
            { """{"name":"a","protected":"true"}""", 400, "protected must be true or false" },
            { """{"name":"a","protected":1}""", 400, "protected must be true or false" },
            { """{"name":"a","nmae":"b"}""", 422, "nmae is not a known field" },
            { """{"Name":"a"}""", 422, "Name is not a known field" },
            { """{"name":"a","name":"b"}""", 400, "twice" },
            { """{"name":"a","labels":{"b":"1","b":"2"}}""", 400, "twice" },
            { """{"name":"a","values":{"b":1,"b":2}}""", 400, "twice" },
            { """{"name":"a\u0000"}""", 422, "name" },
            { """{"name":"a\ud800"}""", 400, "name" },
            { """{"name":"a","namespace":"b\u0000"}""", 422, "namespace" },
            { """{"name":"a","namespace":"\udc00"}""", 400, "namespace" },
            { """{"name":"a","k8s_version":"\u0000"}""", 422, "k8s_version" },
            { """{"name":"a","k8s_version":"\ud800"}""", 400, "k8s_version" },
            { """{"name":"a","labels":{"b":"\u0000"}}""", 422, "labels" },
            { """{"name":"a","labels":{"b\u0000":"c"}}""", 422, "labels" },
            { """{"name":"a","labels":{"b":"\ud800"}}""", 400, "labels" },
            { """{"name":"a","labels":{"\ud800":"b"}}""", 400, "labels" },
            { """{"name":"a","values":{"b":"\ud800"}}""", 400, "values" },
            { """{"name":"a","values":{"\ud800":"b"}}""", 400, "values" },
            { """{"name":"a","values":{"b":["x",{"c":"\udc00\ud800"}]}}""", 400, "values" },
            { """{"\ud800":1}""", 400, "" },
            { "{\"name\":\"a\u0001\"}", 400, "not valid JSON" },
            { "{\"name\":\"a\nb\"}", 400, "not valid JSON" },
            { """{"name":"a\nb"}""", 422, "name" },
            { """{"name":"ünï"}""", 422, "name" },
            { """{"name":"-a"}""", 422, "name" },
            { """{"name":"1a"}""", 422, "name" },
            { """{"name":"a-"}""", 422, "name" },
            { """{"name":"a.b"}""", 422, "name" },
            { """{"name":"a/b"}""", 422, "name" },
            { """{"name":" a"}""", 422, "name" },
            { """{"name":"a-name-of-forty-nine-characters-is-one-more-than-48"}""", 422, "at most 48" },
            { """{"name":"a","namespace":"default"}""", 422, "reserved" },
            { """{"name":"a","namespace":"kube-system"}""", 422, "reserved" },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_wrong_is_refused(string body, int status, string words)
    {
        var before = await host.CountRowsAsync();

        foreach (var path in new[] { "/api/clusters", "/api/clusters:validate" })
        {
            (await host.Editor.PostAsync(path, body)).ShouldBeProblem(status).Detail.ShouldContain(words);
        }

        (await host.CountRowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"name":"\ud800"}""", 400)]
    [InlineData("""{"k8s_version":"\ud800"}""", 400)]
    [InlineData("""{"labels":{"\ud800":"b"}}""", 400)]
    [InlineData("""{"labels":{"b":"\ud800"}}""", 400)]
    [InlineData("""{"values":{"b":"\ud800"}}""", 400)]
    [InlineData("""{"values":{"\ud800":"b"}}""", 400)]
    [InlineData("""{"\ud800":1}""", 400)]
    [InlineData("""{"values":{"b":1,"b":2}}""", 400)]
    [InlineData("""{"k8s_version":"\u0000"}""", 422)]
    [InlineData("""{"labels":{"a":"\u0000"}}""", 422)]
    public async Task A_change_that_is_no_text_is_refused(string body, int status) =>
        // The form is looked at before the cluster, which is not even there.
        (await host.Editor.PatchAsync("/api/clusters/nobody", body)).Status.ShouldBeOneOf(
            status,
            status == 422 ? 404 : status
        );

    [Fact]
    public async Task Bodies_that_are_too_much_are_refused()
    {
        var before = await host.CountRowsAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        (await CreateAsync($$"""{"name":"deep","values":{{deep}}}""")).ShouldBeProblem(400);
        (await CreateAsync(new string('[', 100_000))).ShouldBeProblem(400);
        (await CreateAsync($$"""{"name":"{{new string('a', 500_000)}}"}""")).ShouldBeInvalid("name");
        (await CreateAsync($$$"""{"name":"a","values":{"a":"{{{new string('b', 300_000)}}}"}}""")).ShouldBeInvalid(
            "values"
        );
        (await CreateAsync($$$"""{"name":"a","values":{"a":"{{{new string('é', 200_000)}}}"}}""")).ShouldBeInvalid(
            "values"
        );
        foreach (var field in new[] { "namespace", "k8s_version" })
        {
            var answer = await CreateAsync($$"""{"name":"a","{{field}}":"{{new string('c', 500_000)}}"}""");
            answer.ShouldBeInvalid(field).Text.Length.ShouldBeLessThan(5000, "what was sent need not be sent back");
        }

        // The server hangs up on these: their connections must not serve the next request.
        var close = ("Connection", "close");
        var blanks = new string(' ', 1024 * 1024 + 1);
        (await host.Editor.PostAsync("/api/clusters", blanks, close)).ShouldBeProblem(413);
        using var chunked = new StreamContent(new MemoryStream(new byte[1024 * 1024 + 1]));
        chunked.Headers.ContentType = new("application/json");
        chunked.Headers.ContentLength = null;
        (
            await host.Editor.SendContentAsync(
                "POST",
                "/api/clusters",
                chunked,
                ("Transfer-Encoding", "chunked"),
                close
            )
        ).Status.ShouldBeOneOf([400, 413]);
        (await host.CountRowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00 })]
    [InlineData(new byte[] { 0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x1f, 0x8b, 0x08, 0x00 })]
    public async Task Bytes_that_are_no_text_are_refused(byte[] bytes)
    {
        foreach (var (method, path) in new[] { ("POST", "/api/clusters"), ("PATCH", "/api/clusters/x") })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");

            (await host.Editor.SendContentAsync(method, path, content)).ShouldBeProblem(400);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/yaml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task A_body_of_another_type_is_refused(string? type)
    {
        using var content = new ByteArrayContent("""{"name":"typed"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await host.Editor.SendContentAsync("POST", "/api/clusters", content)).ShouldBeProblem(415);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task Every_kind_of_JSON_is_taken(string type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await host.Editor.SendContentAsync("PATCH", "/api/clusters/nobody", content)).ShouldBeProblem(404);
    }

    [Theory]
    [InlineData("PUT", "/api/clusters")]
    [InlineData("DELETE", "/api/clusters")]
    [InlineData("PATCH", "/api/clusters")]
    [InlineData("OPTIONS", "/api/clusters")]
    [InlineData("TRACE", "/api/clusters")]
    [InlineData("BREW", "/api/clusters")]
    [InlineData("POST", "/api/clusters/x")]
    [InlineData("PUT", "/api/clusters/x")]
    [InlineData("GET", "/api/clusters/x/pause")]
    [InlineData("GET", "/api/clusters:validate")]
    [InlineData("DELETE", "/api/operations/01930000-0000-7000-8000-000000000009")]
    [InlineData("POST", "/api/me")]
    [InlineData("POST", "/health")]
    public async Task A_method_that_is_not_there_is_405_and_says_which_are(string method, string path)
    {
        var answer = (await host.Admin.SendAsync(method, path, null)).ShouldBeProblem(405);

        answer.Header("Allow").ShouldNotBeNullOrEmpty();
        answer.Detail.ShouldContain(answer.Header("Allow")!);
    }

    [Fact]
    public async Task A_head_has_a_status_and_no_body()
    {
        (await host.Viewer.SendAsync("HEAD", "/api/clusters", null)).ShouldBe(200).Text.ShouldBeEmpty();
        (await host.Viewer.SendAsync("HEAD", "/api/clusters/nobody", null)).ShouldBe(404).Text.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("*/*;q=0")]
    [InlineData("nonsense")]
    [InlineData(",,;;")]
    [InlineData("application/xml, text/plain;q=0.1")]
    public async Task Whatever_is_acceptable_the_answer_is_JSON(string accept)
    {
        var found = await host.Viewer.GetAsync("/api/clusters", ("Accept", accept));
        found.ShouldBe(200).Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        (await host.Viewer.GetAsync("/api/clusters/nobody", ("Accept", accept))).ShouldBeProblem(404);
    }

    [Theory]
    [InlineData("/api/clusters/nobody?force=maybe", "force")]
    [InlineData("/api/clusters/nobody?keep_volumes=2", "keep_volumes")]
    [InlineData("/api/clusters/nobody?keep_volumes=true&keep_volumes=false", "keep_volumes")]
    [InlineData("/api/clusters/nobody?wait=x", "wait")]
    public async Task A_delete_that_cannot_be_understood_is_refused(string path, string field) =>
        (await host.Admin.DeleteAsync(path)).ShouldBeInvalid(field);

    [Theory]
    [InlineData("GET /api/clusters/%00 HTTP/1.1", 400)]
    [InlineData("GET /api/clusters/a%00b/logs HTTP/1.1", 400)]
    [InlineData("GET api/clusters HTTP/1.1", 400)]
    [InlineData("GET /api/clusters/\u0080 HTTP/1.1", 400)]
    [InlineData("GET /api/../../etc/passwd HTTP/1.1", 404)]
    [InlineData("GET /api/clusters/%c0%ae%c0%ae HTTP/1.1", 404)]
    [InlineData("GET /api/clusters/%zz HTTP/1.1", 404)]
    [InlineData("GET /api/clusters?namespace=%ff&q=%00%ed%a0%80 HTTP/1.1", 200)]
    public async Task A_path_that_is_no_path_is_refused(string line, int status)
    {
        var answer = await RawHttp.SendAsync(host.Address, line, "X-API-Key: " + ManagerHost.KeyOf("viewer"));

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Fact]
    public async Task A_path_without_end_is_refused()
    {
        var answer = await RawHttp.SendAsync(host.Address, $"GET /{new string('a', 20_000)} HTTP/1.1");

        answer.ShouldStartWith("HTTP/1.1 414 ");
        var long7k = new string('a', 7_000);
        (await host.Viewer.GetAsync($"/api/clusters/{long7k}")).ShouldBeProblem(404).Text.Length.ShouldBeLessThan(9000);
        (await host.Viewer.GetAsync($"/api/clusters?label_selector={long7k}")).ShouldBeInvalid("label_selector");
        (await host.Viewer.GetAsync($"/api/clusters?cursor={long7k}")).ShouldBeInvalid("cursor");
    }

    private Task<Answer> CreateAsync(string body) => host.Editor.PostAsync("/api/clusters", body);
}
