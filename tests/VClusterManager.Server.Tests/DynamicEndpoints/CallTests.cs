using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Endpoints over HTTP, with commands that are real processes.</summary>
public sealed class CallTests(CallHost host) : IClassFixture<CallHost>
{
    private const string Base = "/api/dynamic";

    [Theory]
    [InlineData("plain")]
    [InlineData("$(touch /tmp/owned)")]
    [InlineData("`id`; echo 'x' \"y\" \\ && | > < * ? ~ # ! %s")]
    [InlineData("a\nb\r\n\tc")]
    [InlineData("\u202Egnp.exe \uFEFF \U0001F4A9 e\u0301")]
    [InlineData("{word} {{x}}")]
    public async Task Values_arrive_byte_for_byte(string value)
    {
        var query = await host.Admin.GetAsync($"{Base}/dump/seg?word={Uri.EscapeDataString(value)}&flag=-f");
        var body = await host.Admin.PostAsync(
            $"{Base}/dump",
            new
            {
                word = value,
                flag = "-f",
                many = new[] { "x", value },
            }
        );

        query.ShouldBe(200).Text.ShouldBe($"seg\0--flag=-f\0{value}\0");
        body.ShouldBe(200).Text.ShouldBe($"--flag=-f\0{value}\0x\0{value}\0");
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb%2F", "a/b/")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("100%25", "100%")]
    [InlineData("%25ff", "%ff")]
    [InlineData("%E2%82%AC%2F", "€/")]
    [InlineData("%ff%fe", null)]
    [InlineData("%ED%A0%80", null)]
    [InlineData("x%2Fy/../seg%2F", "seg/")]
    [InlineData("seg%2F/x/..", null)]
    public async Task A_value_in_the_path_is_what_was_meant_by_what_was_sent(string sent, string? value)
    {
        var (status, text) = await RawAsync($"GET {Base}/dump/{sent}?word=w&flag=f");

        status.ShouldBe(value is null ? 422 : 200);
        text.ShouldContain(value is null ? "escaped once" : $"{value}\0--flag=f");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 0\r\n")]
    public async Task No_body_at_all_is_one_without_members(string header)
    {
        var (status, text) = await RawAsync($"POST {Base}/dump", header);

        status.ShouldBe(422);
        text.ShouldContain("word is required");
    }

    /// <summary>A request as it is written here: clients tidy up paths, and send a length of their own.</summary>
    private async Task<(int Status, string Text)> RawAsync(string line, string headers = "")
    {
        using TcpClient client = new();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var request =
            $"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: {ManagerHost.KeyOf("admin")}\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (int.Parse(answer.Split(' ')[1]), answer);
    }

    [Theory]
    [InlineData("?word=-x&flag=f", "word")]
    [InlineData("?word=--&flag=f", "word")]
    [InlineData("?word=%00&flag=f", "word")]
    [InlineData("?word=&flag=f", "word")]
    [InlineData("?flag=f", "word")]
    [InlineData("?word=a&word=b&flag=f", "word")]
    [InlineData("?word=a&flag=f&other=1", "other")]
    public async Task A_query_that_cannot_be_taken_is_refused(string query, string field) =>
        (await host.Admin.GetAsync($"{Base}/dump/seg{query}")).ShouldBeInvalid(field);

    [Theory]
    [InlineData("{\"word\":5,\"flag\":\"f\",\"many\":[]}", 422, "word")]
    [InlineData("{\"word\":\"\\ud800\",\"flag\":\"f\",\"many\":[]}", 422, "word")]
    [InlineData("{\"word\":\"\\u0000\",\"flag\":\"f\",\"many\":[]}", 422, "word")]
    [InlineData("{\"word\":\"w\",\"flag\":\"f\",\"many\":\"x\"}", 422, "many")]
    [InlineData("{\"word\":\"w\",\"flag\":\"f\",\"many\":[[]]}", 422, "many")]
    [InlineData("{\"word\":\"w\",\"flag\":\"f\",\"many\":[null, 1, {}]}", 422, "many")]
    [InlineData("{\"word\":\"w\",\"flag\":\"f\",\"many\":[],\"x\":1}", 422, "x")]
    [InlineData("{\"word\":null,\"flag\":\"f\",\"many\":[]}", 422, "word")]
    [InlineData("{\"word\":\"a\",\"word\":\"b\",\"flag\":\"f\",\"many\":[]}", 400, null)]
    [InlineData("[]", 400, null)]
    [InlineData("{", 400, null)]
    public async Task A_body_that_cannot_be_taken_is_refused(string body, int status, string? field)
    {
        var answer = await host.Admin.PostAsync($"{Base}/dump", body);

        answer.ShouldBeProblem(status);
        if (field is not null)
        {
            answer.ShouldBeInvalid(field);
            answer.Json["errors"]![field]!.AsArray().Count.ShouldBe(1, "each is said once");
        }
    }

    [Fact]
    public async Task A_body_is_JSON_or_what_the_command_reads()
    {
        using StringContent text = new("x", System.Text.Encoding.UTF8, "text/plain");
        using ByteArrayContent raw = new("a: \u00e9\0\n"u8.ToArray());
        using ByteArrayContent broken = new([0xff, 0xfe, 0x00]);

        (await host.Admin.SendContentAsync("POST", $"{Base}/dump", text)).ShouldBeProblem(415);
        (await host.Admin.SendContentAsync("POST", $"{Base}/stdin", raw)).ShouldBe(200).Text.ShouldBe("a: \u00e9\0\n");
        (await host.Admin.SendContentAsync("POST", $"{Base}/stdin", broken)).ShouldBeProblem(400);
    }

    [Fact]
    public async Task JSON_is_passed_through_and_what_is_none_is_a_bad_gateway_with_the_tools_words()
    {
        var good = await host.Admin.GetAsync($"{Base}/json?text={Uri.EscapeDataString("{ \"a\" : [1.0, null] }\n")}");
        var bad = await host.Admin.GetAsync($"{Base}/json?text={Uri.EscapeDataString("No resources {")}");
        var nothing = await host.Admin.GetAsync($"{Base}/json?text=%20");

        good.ShouldBe(200).Text.ShouldBe("{ \"a\" : [1.0, null] }\n");
        good.Header("Content-Type").ShouldBe("application/json");
        bad.ShouldBeProblem(502).Detail.ShouldBe("tool answered with something that is not JSON: No resources {.");
        nothing.ShouldBeProblem(502);
    }

    [Fact]
    public async Task A_text_comes_without_colours()
    {
        var answer = await host.Admin.GetAsync($"{Base}/colours");

        answer.ShouldBe(200).Text.ShouldBe("red");
        answer.Header("Content-Type").ShouldBe("text/plain; charset=utf-8");
    }

    [Theory]
    [InlineData("Error from server (NotFound): pods \"x\" not found", 404)]
    [InlineData("Error from server (Forbidden): no", 403)]
    [InlineData("Error from server (AlreadyExists): no", 409)]
    [InlineData("Unable to connect to the server: EOF", 503)]
    [InlineData("\u001b[31mit broke\u001b[0m", 502)]
    public async Task The_end_of_a_command_is_a_problem(string said, int status)
    {
        var answer = await host.Admin.GetAsync($"{Base}/fail?said={Uri.EscapeDataString(said)}");

        answer.ShouldBeProblem(status).Detail.ShouldNotContain("\e");
        if (status == 502)
        {
            answer.Detail.ShouldBe("it broke.");
            answer.Json.Number("exit_code").ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_tool_that_is_missing_is_named() =>
        (await host.Admin.GetAsync($"{Base}/missing")).ShouldBeProblem(503).Detail.ShouldContain("vcluster.executable");

    [Fact]
    public async Task A_command_has_nothing_of_the_servers_environment_or_files()
    {
        var text = (await host.Admin.GetAsync($"{Base}/env")).ShouldBe(200).Text;

        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=')[0])
            .Except(["PWD", "OLDPWD", "SHLVL", "_"])
            .ShouldBe(["HOME", "TMPDIR", "PATH", "KUBECONFIG"], ignoreOrder: true);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_run_and_its_answer_is_given_again()
    {
        var folder = host.NewFolder();
        var path = $"{Base}/count?folder={Uri.EscapeDataString(folder)}";
        var all = Enumerable.Range(0, 30).Select(_ => host.Viewer.GetAsync(path)).ToList();
        await Wait.UntilAsync(() => File.Exists(Path.Combine(folder, "runs")));
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");

        var answers = await Task.WhenAll(all);
        var later = await host.Editor.GetAsync(path);

        answers.Append(later).ShouldAllBe(a => a.Status == 200 && a.Text.Trim() == "1");
        later.Header("Age").ShouldNotBeNull();
        (await host.Anonymous.GetAsync(path)).ShouldBeProblem(401);
    }

    [Fact]
    public async Task Over_its_rate_an_endpoint_says_when_to_come_again()
    {
        (await host.Admin.GetAsync($"{Base}/seldom")).ShouldBe(200);
        var second = await host.Admin.GetAsync($"{Base}/seldom");

        second.ShouldBeProblem(429);
        int.Parse(second.Header("Retry-After")!).ShouldBeInRange(3000, 3600);
    }

    [Fact]
    public async Task More_than_may_run_at_once_wait_and_more_than_may_wait_are_sent_away()
    {
        var folder = host.NewFolder();
        var all = Enumerable
            .Range(0, 12)
            .Select(_ => host.Admin.GetAsync($"{Base}/one-at-a-time?folder={Uri.EscapeDataString(folder)}"))
            .ToList();
        await Wait.UntilAsync(() => all.Count(a => a.IsCompleted) >= 3);
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");

        var answers = await Task.WhenAll(all);

        answers.Count(a => a.Status == (int)HttpStatusCode.TooManyRequests).ShouldBe(3);
        answers
            .Where(a => a.Status == 200)
            .Select(a => int.Parse(a.Text))
            .ShouldBe(Enumerable.Range(1, 9), ignoreOrder: true);
    }

    [Fact]
    public async Task A_stream_comes_line_by_line()
    {
        var folder = host.NewFolder();
        await using var stream = await host.Admin.StreamAsync($"{Base}/lines?folder={Uri.EscapeDataString(folder)}");
        using StreamReader reader = new(stream);

        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("first");
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");

        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("second\nlast");
    }

    [Fact]
    public async Task A_stream_that_fails_before_its_first_line_is_a_problem_and_HEAD_runs_nothing()
    {
        var folder = host.NewFolder();

        (await host.Admin.GetAsync($"{Base}/fail-stream")).ShouldBeProblem(404);
        var head = await host.Admin.SendAsync("HEAD", $"{Base}/lines?folder={Uri.EscapeDataString(folder)}", null);

        head.ShouldBe(200).Header("Content-Type").ShouldBe("text/plain; charset=utf-8");
    }

    [Fact]
    public async Task A_small_role_is_refused_and_what_is_not_there_is_not()
    {
        (await host.Viewer.GetAsync($"{Base}/env")).ShouldBeProblem(403);
        (await host.Anonymous.GetAsync($"{Base}/env")).ShouldBeProblem(401);
        (await host.Admin.PostAsync($"{Base}/env")).ShouldBeProblem(405);
        (await host.Admin.GetAsync($"{Base}/nothing")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Calls_are_in_the_audit_by_the_name_of_their_endpoint()
    {
        await host.Admin.PostAsync(
            $"{Base}/dump",
            new
            {
                word = "w",
                flag = "f",
                many = Array.Empty<string>(),
            }
        );
        await host.Admin.GetAsync($"{Base}/json?text=1");
        await host.Admin.GetAsync($"{Base}/cached");
        await host.Admin.GetAsync($"{Base}/cached");
        await host.Viewer.GetAsync($"{Base}/env");

        (await EntriesAsync("dynamic.dump-body")).ShouldContain(e => e.Number("status") == 200);
        (await EntriesAsync("dynamic.json")).ShouldContain(e => e.Number("status") == 200);
        (await EntriesAsync("dynamic.cached")).ShouldHaveSingleItem().Text("principal").ShouldBe("admin");
        (await EntriesAsync("dynamic.env")).ShouldContain(e =>
            e.Number("status") == 403 && e.Text("principal") == "viewer"
        );
    }

    private async Task<List<System.Text.Json.Nodes.JsonNode>> EntriesAsync(string action) =>
        [
            .. (await host.Admin.GetAsync($"/api/audit?action={action}")).ShouldBe(200).Json["entries"]!
                .AsArray()
                .Select(e => e!),
        ];
}
