using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Requests;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

/// <summary>How large a request may be, and how long it may take.</summary>
public sealed class RequestLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1000, false, 200)]
    [InlineData(1000, true, 200)]
    [InlineData(2000, false, 413)]
    [InlineData(2000, true, 413)]
    public async Task A_body_over_the_configured_limit_is_413_whether_its_length_is_told_or_not(
        int length,
        bool chunked,
        int status
    )
    {
        await using var server = await ProbeServer.StartAsync(Map, yaml: "server: {limits: {body_kib: 1}}");
        using HttpRequestMessage request = new(HttpMethod.Post, "/body");
        request.Headers.Add("X-API-Key", ProbeServer.ViewerKey);
        request.Headers.TransferEncodingChunked = chunked;
        request.Content = new StringContent(
            $"{{\"name\":\"{new string('x', length)}\"}}",
            Encoding.UTF8,
            "application/json"
        );

        var answer = await server.Client.SendAsync(request, Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        if (status == 413)
        {
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await answer.JsonAsync()).Text("detail").ShouldBe("The body is too large.");
        }
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_503_but_for_streams_and_those_who_wait()
    {
        await using var server = await ProbeServer.StartAsync(Map, yaml: "server: {limits: {request_timeout: 1s}}");

        var (slow, stream, waiting) = (
            server.SendAsync("GET", "/slow"),
            server.SendAsync("GET", "/stream"),
            server.SendAsync("GET", "/waits?wait=30")
        );

        var answer = await slow;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.JsonAsync()).Text("detail")!.ShouldStartWith("The request was given up after 1s.");
        (await stream).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/waits")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        // Longer than the limit; what is given up does not wait for its end.
        var time = TimeSpan.FromSeconds(2);
        routes.MapPost("/body", (ProbeBody body) => body.Name);
        routes.MapGet(
            "/slow",
            (CancellationToken gone) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone)
        );
        routes.MapGet("/stream", (CancellationToken gone) => Task.Delay(time, TimeProvider.System, gone)).IsUnbounded();
        routes.MapGet(
            "/waits",
            (WaitFor wait, CancellationToken gone) =>
                Task.Delay(wait.Time is null ? Timeout.InfiniteTimeSpan : time, TimeProvider.System, gone)
        );
    }
}
