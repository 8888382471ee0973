using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class AnswerTests
{
    [Fact]
    public async Task Answers_are_snake_case_with_times_in_utc_and_keys_of_maps_untouched()
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var text = await (await server.SendAsync("GET", "/json")).Content.ReadAsStringAsync();

        text.ShouldBe(
            """{"ttl_hours":3,"expires_at":"2026-01-01T10:00:00Z","precise":"2026-01-01T10:00:00.25Z","labels":{"TeamName":"Über & \"so\""}}"""
        );
    }

    [Fact]
    public async Task A_tagged_answer_is_sent_once_and_then_only_confirmed()
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var first = await server.SendAsync("GET", "/list");
        var tag = first.Headers.ETag!.ToString();
        first.Headers.ETag.IsWeak.ShouldBeFalse();
        first.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");

        foreach (var known in (string[])[tag, $"\"x\", {tag}", $"W/{tag}", "*"])
        {
            var again = await server.SendAsync("GET", "/list", headers: ("If-None-Match", known));
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            again.Headers.ETag!.ToString().ShouldBe(tag);
            (await again.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }

        var other = await server.SendAsync("GET", "/list?n=2", headers: ("If-None-Match", tag));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.Headers.ETag!.ToString().ShouldNotBe(tag);
    }

    [Theory]
    [InlineData("/json", ProbeServer.ViewerKey)]
    [InlineData("/nowhere", ProbeServer.ViewerKey)]
    [InlineData("/throw", ProbeServer.ViewerKey)]
    [InlineData("/json", null)]
    public async Task Every_answer_has_the_security_headers(string path, string? key)
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var answer = await server.SendAsync("GET", path, key);

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Only_listed_origins_may_call_from_a_browser()
    {
        await using var server = await ProbeServer.StartAsync(
            Map,
            yaml: "server: {allowed_origins: ['https://portal.example.com']}"
        );

        var preflight = await server.SendAsync(
            "OPTIONS",
            "/json",
            key: null,
            headers:
            [
                ("Origin", "https://portal.example.com"),
                ("Access-Control-Request-Method", "PATCH"),
                ("Access-Control-Request-Headers", "x-api-key, idempotency-key"),
            ]
        );
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://portal.example.com"]);
        preflight.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["PATCH"]);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["x-api-key,idempotency-key"]);

        foreach (
            var (path, key) in ((string, string?)[])
                [("/json", ProbeServer.ViewerKey), ("/json", null), ("/throw", ProbeServer.ViewerKey)]
        )
        {
            var answer = await server.SendAsync("GET", path, key, headers: ("Origin", "https://portal.example.com"));
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://portal.example.com"]);
            answer.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldBe("Location,ETag,Retry-After");
        }

        var stranger = await server.SendAsync("GET", "/json", headers: ("Origin", "https://evil.example.com"));
        stranger.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_may_call_from_a_browser_by_default()
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var answer = await server.SendAsync("GET", "/json", headers: ("Origin", "https://portal.example.com"));

        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task The_api_describes_itself_to_everybody()
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var answer = await server.SendAsync("GET", "/openapi/v1.json", key: null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var document = await answer.JsonAsync();

        document.Text("openapi")!.ShouldStartWith("3.1");
        document["info"]!["title"]!.GetValue<string>().ShouldBe("vCluster Manager");
        var schemes = document["components"]!["securitySchemes"]!;
        schemes["api_key"]!["name"]!.GetValue<string>().ShouldBe("X-API-Key");
        schemes["bearer"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
        var me = document["paths"]!["/api/me"]!["get"]!;
        me["summary"]!.GetValue<string>().ShouldBe("Who am I?");
        me["security"]!.AsArray().Count.ShouldBe(2);
        me["responses"]!["403"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!
            .GetValue<string>()
            .ShouldBe("#/components/schemas/Problem");
        document["components"]!["schemas"]!["Problem"]!["properties"]!["trace_id"].ShouldNotBeNull();
        document["components"]!["schemas"]!["WhoAmI"]!["properties"]!["expires_at"]!["type"]!
            .AsArray()
            .Select(t => t!.GetValue<string>())
            .ShouldBe(["null", "string"], ignoreOrder: true);
        document["paths"]!["/list"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["type"]!
            .GetValue<string>()
            .ShouldBe("array");
        document["paths"]!["/open"]!["get"]!["security"].ShouldBeNull();
        Parameters(document, "/page").ShouldBe(["limit", "cursor", "wait", "Prefer", "Idempotency-Key", "If-Match"]);
    }

    private static IEnumerable<string> Parameters(JsonObject document, string path) =>
        document["paths"]![path]!["get"]!["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>());

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/json",
            () =>
                new ProbeAnswer(
                    3,
                    new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(2)),
                    new DateTimeOffset(2026, 1, 1, 10, 0, 0, 250, TimeSpan.Zero),
                    new Dictionary<string, string> { ["TeamName"] = "Über & \"so\"" }
                )
        );
        routes.MapGet("/list", (int? n) => new TaggedJson<int[]>([.. Enumerable.Range(0, n ?? 1)]));
        routes.MapGet("/throw", IResult () => throw new InvalidOperationException());
        routes.MapGet("/open", () => "open").AllowAnonymous();
        routes.MapGet("/page", (PageRequest page, WaitFor wait, IdempotencyKey key, IfMatch match) => page.Limit);
    }
}

internal sealed record ProbeAnswer(
    int TtlHours,
    DateTimeOffset ExpiresAt,
    DateTimeOffset Precise,
    IReadOnlyDictionary<string, string> Labels
);
