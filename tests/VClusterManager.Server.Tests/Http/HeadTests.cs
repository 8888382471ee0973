using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Http.Responses;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class HeadTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync(Map);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/list")]
    [InlineData("/text")]
    [InlineData("/nowhere")]
    [InlineData("/openapi/v1.json")]
    public async Task HEAD_answers_what_GET_would_without_the_body(string path)
    {
        var get = await _server.SendAsync("GET", path);
        var head = await _server.SendAsync("HEAD", path);

        head.StatusCode.ShouldBe(get.StatusCode);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        head.Headers.ETag.ShouldBe(get.Headers.ETag);
        if (get.IsSuccessStatusCode)
        {
            head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        }
    }

    [Fact]
    public async Task HEAD_is_confirmed_as_GET_is()
    {
        var tag = (await _server.SendAsync("GET", "/list")).Headers.ETag!.ToString();

        var head = await _server.SendAsync("HEAD", "/list", headers: ("If-None-Match", tag));

        head.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task HEAD_needs_the_credentials_that_GET_does() =>
        (await _server.SendAsync("HEAD", "/list", key: null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task HEAD_is_refused_where_there_is_nothing_to_GET()
    {
        var answer = await _server.SendAsync("HEAD", "/post");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task A_route_says_that_it_takes_both()
    {
        var answer = await _server.SendAsync("DELETE", "/list");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["GET", "HEAD"], ignoreOrder: true);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/list", () => new TaggedJson<int[]>([1, 2, 3]));
        routes.MapGet("/text", () => Results.Text("text"));
        routes.MapPost("/post", () => Results.Ok());
    }
}
