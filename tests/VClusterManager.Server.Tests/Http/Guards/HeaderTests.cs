using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Http.Responses;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("/json", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/throw", 500)]
    public async Task Every_answer_tells_browsers_to_do_nothing_with_it(string path, int status)
    {
        await using var server = await ProbeServer.StartAsync(Map);

        var answer = await server.SendAsync("GET", path);

        ((int)answer.StatusCode).ShouldBe(status);
        string Value(string name) => answer.Headers.GetValues(name).Single();
        Value("X-Content-Type-Options").ShouldBe("nosniff");
        Value("X-Frame-Options").ShouldBe("DENY");
        Value("Referrer-Policy").ShouldBe("no-referrer");
        Value("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Value("Content-Security-Policy").ShouldBe("default-src 'none'; frame-ancestors 'none'");
        Value("Cache-Control").ShouldBe("no-store");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("it did not come over https");
    }

    [Fact]
    public async Task A_route_may_say_better_how_long_its_answer_may_be_kept_and_what_its_page_needs()
    {
        await using var server = await ProbeServer.StartAsync(Map);

        (await server.SendAsync("GET", "/list")).Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        (await server.SendAsync("GET", "/page"))
            .Headers.GetValues("Content-Security-Policy")
            .ShouldBe(["default-src 'self'"]);
    }

    [Fact]
    public async Task A_preflight_needs_no_credential_and_is_answered_for_listed_origins_alone()
    {
        await using var server = await ProbeServer.StartAsync(
            Map,
            yaml: "server: {allowed_origins: ['https://portal.example.com']}"
        );

        var listed = await PreflightAsync(server, "https://portal.example.com");
        listed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        listed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://portal.example.com"]);
        listed.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);

        foreach (var other in (string[])["https://evil.example.com", "https://portal.example.com.evil.com", "null"])
        {
            (await PreflightAsync(server, other)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse(other);
        }
    }

    private static Task<HttpResponseMessage> PreflightAsync(ProbeServer server, string origin) =>
        server.SendAsync(
            "OPTIONS",
            "/json",
            key: null,
            headers: [("Origin", origin), ("Access-Control-Request-Method", "GET")]
        );

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/json", () => "{}");
        routes.MapGet("/throw", IResult () => throw new InvalidOperationException());
        routes.MapGet("/list", () => new TaggedJson<int[]>([1]));
        routes.MapGet(
            "/page",
            (HttpContext http) =>
            {
                http.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
                return "page";
            }
        );
    }
}
