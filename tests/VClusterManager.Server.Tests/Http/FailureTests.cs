using System.Buffers;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shouldly;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class FailureTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync(Map);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(0, 400, "Bad Request")]
    [InlineData(1, 401, "Unauthorized")]
    [InlineData(2, 403, "Forbidden")]
    [InlineData(3, 404, "Not Found")]
    [InlineData(4, 409, "Conflict")]
    [InlineData(5, 412, "Precondition Failed")]
    [InlineData(6, 422, "Unprocessable Entity")]
    [InlineData(7, 429, "Too Many Requests")]
    [InlineData(8, 502, "Bad Gateway")]
    [InlineData(9, 503, "Service Unavailable")]
    [InlineData(10, 504, "Gateway Timeout")]
    public async Task Each_kind_of_problem_has_its_status(int kind, int status, string title)
    {
        var answer = await _server.SendAsync("GET", $"/problem/{kind}");

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var json = await answer.JsonAsync();
        json.Text("type").ShouldBe("about:blank");
        json.Text("title").ShouldBe(title);
        json["status"]!.GetValue<int>().ShouldBe(status);
        json.Text("detail").ShouldBe("It's \"so\".");
        json.Text("trace_id").ShouldNotBeNullOrEmpty();
        json["errors"]!["some_field"]!.AsArray().Single()!.GetValue<string>().ShouldBe("is wrong");
        json["candidates"]!.AsArray().Count.ShouldBe(2);
        answer.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(3));
        (answer.Headers.RetryAfter is not null).ShouldBe(status is 429 or 503);
    }

    [Fact]
    public void Every_kind_is_in_the_table_with_a_status_of_its_own() =>
        Enum.GetValues<ProblemKind>().Select(ProblemTable.StatusOf).ShouldBeUnique();

    [Fact]
    public async Task What_is_unforeseen_tells_nothing_of_the_inside_but_a_trace_id()
    {
        var answer = await _server.SendAsync("GET", "/throw");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldNotContain("secret inside");
        var json = JsonNode.Parse(text)!.AsObject();
        json.Text("detail").ShouldBe("Internal server error");
        json.Text("trace_id").ShouldNotBeNullOrEmpty();
        answer.Headers.Contains("X-Custom").ShouldBeFalse();
        _server.Log.Lines.ShouldContain(l => l.Level == LogLevel.Error && l.Text == "GET /throw failed");
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_and_worth_another_try()
    {
        var answer = await _server.SendAsync("GET", "/database");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await answer.JsonAsync()).Text("detail")!.ShouldNotContain("db.internal");
        _server.Log.Lines.ShouldNotContain(l => l.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task What_an_exception_means_can_be_taught()
    {
        await using var server = await ProbeServer.StartAsync(
            Map,
            services =>
                services.AddSingleton<ExceptionProblem>(e =>
                    e is InvalidOperationException ? new Problem(ProblemKind.Conflict, "taught") : null
                )
        );

        (await server.SendAsync("GET", "/throw")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_error()
    {
        using CancellationTokenSource leave = new();
        using HttpRequestMessage request = new(HttpMethod.Get, "/slow");
        request.Headers.Add("X-API-Key", ProbeServer.ViewerKey);
        var call = _server.Client.SendAsync(request, leave.Token);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await _gone.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        (await _server.SendAsync("GET", "/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // But for a machine that is busy, of which Kestrel complains.
        _server.Log.Lines.ShouldNotContain(l => l.Level >= LogLevel.Warning && !l.Text.Contains("heartbeat"));
    }

    [Theory]
    [InlineData("/half")]
    [InlineData("/half?unsent")]
    public async Task Half_an_answer_is_cut_off_rather_than_ended(string path)
    {
        var call = () => _server.SendAsync("GET", path);

        await Should.ThrowAsync<HttpRequestException>(async () => await (await call()).Content.ReadAsStringAsync());
        _server.Log.Lines.ShouldContain(l => l.Level == LogLevel.Error && l.Text == "GET /half failed");
    }

    [Fact]
    public async Task Bare_statuses_of_the_framework_get_words()
    {
        var nothing = await _server.SendAsync("GET", "/nowhere");
        nothing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nothing.JsonAsync()).Text("detail").ShouldBe("There is nothing at /nowhere.");

        var method = await _server.SendAsync("DELETE", "/body");
        method.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await method.JsonAsync()).Text("detail").ShouldBe("DELETE is not possible here; POST is.");

        using StringContent text = new("name: x");
        using HttpRequestMessage request = new(HttpMethod.Post, "/body") { Content = text };
        request.Headers.Add("X-API-Key", ProbeServer.ViewerKey);
        var media = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        media.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await media.JsonAsync()).Text("detail").ShouldBe("The body must be sent as application/json.");
    }

    [Theory]
    [InlineData("", 400, "The request needs a JSON body.", null)]
    [InlineData("{", 400, "The body is not valid JSON (line 1, column 2).", null)]
    [InlineData("{\n \"name\": x}", 400, "The body is not valid JSON (line 2, column 10).", null)]
    [InlineData("null", 400, "The request needs a JSON body.", null)]
    [InlineData("[]", 400, "The body must be an object.", null)]
    [InlineData("3", 400, "The body must be an object.", null)]
    [InlineData("{\"ttl_hours\":\"24\"}", 400, "ttl_hours must be a whole number.", "ttl_hours")]
    [InlineData("{\"ttl_hours\":1.5}", 400, "ttl_hours must be a whole number.", "ttl_hours")]
    [InlineData("{\"ttl_hours\":99999999999}", 400, "ttl_hours must be a whole number.", "ttl_hours")]
    [InlineData("{\"name\":7}", 400, "name must be text.", "name")]
    [InlineData("{\"protected\":\"yes\"}", 400, "protected must be true or false.", "protected")]
    [InlineData("{\"labels\":[]}", 400, "labels must be an object.", "labels")]
    [InlineData("{\"labels\":{\"team\":1}}", 400, "labels.team must be text.", "labels.team")]
    [InlineData("{\"values\":[]}", 400, "values must be an object.", "values")]
    [InlineData("{\"tags\":\"a\"}", 400, "tags must be a list.", "tags")]
    [InlineData(
        "{\"ends\":\"2026-01-01T00:00:00\"}",
        400,
        "ends must be a time with its offset, such as 2027-01-31T00:00:00Z.",
        "ends"
    )]
    [InlineData(
        "{\"ends\":\"soon\"}",
        400,
        "ends must be a time with its offset, such as 2027-01-31T00:00:00Z.",
        "ends"
    )]
    [InlineData("{\"kind\":\"explode\"}", 400, "kind must be one of the values that are documented for it.", "kind")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", 400, "The body gives the field name twice.", null)]
    [InlineData("{\"nam\":\"a\"}", 422, "nam is not a known field.", "nam")]
    [InlineData("{\"Name\":\"a\"}", 422, "Name is not a known field.", "Name")]
    [InlineData("{\"inner\":{\"colour\":1}}", 422, "inner.colour is not a known field.", "inner.colour")]
    public async Task A_body_that_cannot_be_read_is_explained_in_the_words_of_the_api(
        string body,
        int status,
        string detail,
        string? field
    )
    {
        var answer = await _server.SendAsync("POST", "/body", json: body);

        var json = await answer.JsonAsync();
        json.Text("detail").ShouldBe(detail);
        ((int)answer.StatusCode).ShouldBe(status);
        (json["errors"]?.AsObject().Single().Key).ShouldBe(field);
    }

    [Theory]
    [InlineData("/query?ttlHours=x", "ttl_hours must be a whole number.")]
    [InlineData("/query?ttlHours=", "ttl_hours must be a whole number.")]
    [InlineData("/query", "ttl_hours is required.")]
    [InlineData("/page?limit=0", "limit must be a whole number from 1 to 500.")]
    [InlineData("/wait?wait=x", "wait must be a whole number of seconds from 0 to 300.")]
    public async Task A_bad_parameter_is_422(string path, string detail)
    {
        var answer = await _server.SendAsync("GET", path);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.JsonAsync()).Text("detail").ShouldBe(detail);
    }

    [Fact]
    public async Task Parameters_that_are_not_known_are_ignored() =>
        (await _server.SendAsync("GET", "/page?colour=red&limit=3")).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        var answer = await _server.SendAsync("POST", "/body", json: $"{{\"name\":\"{new string('x', 1100 * 1024)}\"}}");

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.JsonAsync()).Text("detail").ShouldBe("The body is too large.");
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/problem/{kind:int}",
            (int kind) =>
                new Problem((ProblemKind)kind, "It's \"so\".")
                {
                    Errors = new Dictionary<string, string[]> { ["some_field"] = ["is wrong"] },
                    Extensions = new Dictionary<string, object?> { ["candidates"] = (string[])["a/x", "b/x"] },
                    RetryAfter = TimeSpan.FromSeconds(2.1),
                }.ToResult()
        );
        routes.MapGet("/throw", Throw);
        routes.MapGet("/database", IResult () => throw new NpgsqlException("Failed to connect to db.internal:5432"));
        routes.MapGet("/slow", SlowAsync);
        routes.MapGet("/half", HalfAsync);
        routes.MapPost("/body", (ProbeBody body) => body.Name);
        routes.MapGet("/query", (int ttlHours) => ttlHours);
        routes.MapGet("/page", (PageRequest page) => page.Limit);
        routes.MapGet("/wait", (WaitFor wait) => wait.Time?.TotalSeconds);
    }

    private static IResult Throw(HttpContext context)
    {
        context.Response.Headers["X-Custom"] = "half done";
        throw new InvalidOperationException("secret inside");
    }

    private static async Task HalfAsync(HttpContext context)
    {
        if (context.Request.QueryString.HasValue)
        {
            // As the serializer leaves it behind when it fails: written, and waiting to be sent.
            context.Response.BodyWriter.Write("[{\"name\":"u8);
        }
        else
        {
            await context.Response.WriteAsync("[{\"name\":");
            await context.Response.Body.FlushAsync();
        }
        throw new InvalidOperationException("no more");
    }

    private async Task SlowAsync(HttpContext context)
    {
        context.Response.OnCompleted(() =>
        {
            _gone.TrySetResult();
            return Task.CompletedTask;
        });
        _entered.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }
}

internal sealed record ProbeBody
{
    public string? Name { get; init; }

    public int? TtlHours { get; init; }

    public bool? Protected { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public JsonObject? Values { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public DateTimeOffset? Ends { get; init; }

    public Contracts.OperationKind? Kind { get; init; }

    public ProbeInner? Inner { get; init; }
}

internal sealed record ProbeInner
{
    public string? Colour2 { get; init; }
}
