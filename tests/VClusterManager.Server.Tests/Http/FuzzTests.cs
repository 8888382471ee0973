using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Shouldly;
using VClusterManager.Server.Http.Requests;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class FuzzTests
{
    private static readonly string[] Names =
    [
        "X-API-Key",
        "Authorization",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "Prefer",
        "Accept",
        "Content-Type",
        "Origin",
    ];

    [Fact]
    public async Task Whatever_the_headers_hold_the_answer_is_no_500()
    {
        await using var server = await ProbeServer.StartAsync(routes =>
            routes
                .MapGet("/all", (PageRequest page, WaitFor wait, IdempotencyKey key, IfMatch match) => "ok")
                .AllowAnonymous()
        );
        // Everything that a header may hold, and some things that it may not.
        var value = Gen.OneOf(
            Gen.String[Gen.Char['\u0001', '\u00ff'], 0, 40],
            Gen.String[Gen.Char["\",;=*W/ \twai0123456789-"], 0, 40],
            Gen.OneOf("Bearer", "Bearer x", "*", "W/\"x\"", "wait=", "wait=-1", ",,,", "\"")
        );
        var header = Gen.Select(Gen.OneOf(Names), value, (name, text) => $"{name}: {text}");
        var requests = Gen.Select(header.Array[1, 3], Gen.OneOf("/all", "/api/me", "/x", "/all?limit=x&cursor=%ff"));

        await requests.SampleAsync(
            async request =>
            {
                var (headers, path) = request;
                var answer = await RawHttp.SendAsync(server.Address, $"GET {path} HTTP/1.1", headers);
                answer.ShouldNotContain("HTTP/1.1 5");
            },
            iter: 400,
            threads: 2
        );
        server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }
}
