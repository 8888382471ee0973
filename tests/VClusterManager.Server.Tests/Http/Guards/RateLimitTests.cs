using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

public sealed class RateLimitTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Reads_over_the_limit_are_429_and_changes_and_other_callers_go_on()
    {
        await using var server = await StartAsync("reads_per_second: 1");

        var refused = await UntilRefusedAsync(() => server.SendAsync("GET", "/api/me"));

        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        (await refused.JsonAsync()).Text("detail").ShouldBe("Too many requests of victor came in a short time.");
        (await server.SendAsync("POST", "/change")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/api/me", ProbeServer.EditorKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Changes_over_the_limit_are_429_and_reads_go_on()
    {
        await using var server = await StartAsync("changes_per_second: 1");

        await UntilRefusedAsync(() => server.SendAsync("POST", "/change"));

        (await server.SendAsync("GET", "/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_shows_no_valid_credential_is_counted_by_address()
    {
        await using var server = await StartAsync("anonymous_per_second: 1");

        // Another wrong key each time is no other caller.
        var tried = 0;
        var refused = await UntilRefusedAsync(
            () => server.SendAsync("GET", "/api/me", $"wrong-key-0123456789-{tried++}"),
            HttpStatusCode.Unauthorized
        );

        (await refused.JsonAsync()).Text("detail").ShouldBe("Too many requests of your address came in a short time.");
        // One in a second is taken again.
        await Wait.UntilAsync(async () =>
            (await server.SendAsync("GET", "/api/me", key: null)).StatusCode == HttpStatusCode.TooManyRequests
        );
        (await server.SendAsync("GET", "/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/probe", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_being_answered_at_the_same_time_is_limited_for_each_caller_without_streams_and_probes()
    {
        await using var server = await StartAsync("requests_in_flight: 1");
        var stream = server.SendAsync("GET", "/stream");
        var first = server.SendAsync("GET", "/slow");
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var second = await server.SendAsync("GET", "/api/me");
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await second.JsonAsync())
            .Text("detail")
            .ShouldBe("Too many requests of victor are being answered at the same time.");
        (await server.SendAsync("GET", "/quick")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/api/me", ProbeServer.EditorKey)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _finish.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await stream).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Logins_have_a_stricter_limit_for_each_address()
    {
        await using var server = await StartAsync("logins_per_minute: 3");

        for (var i = 0; i < 3; i++)
        {
            (await server.SendAsync("POST", "/login", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var refused = await server.SendAsync("POST", "/login", key: null);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        // Also for those who are known already: it is the password that is guessed.
        (await server.SendAsync("POST", "/login")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await server.SendAsync("GET", "/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Ten are taken at once; then one in a second.</summary>
    private static async Task<HttpResponseMessage> UntilRefusedAsync(
        Func<Task<HttpResponseMessage>> send,
        HttpStatusCode taken = HttpStatusCode.OK
    )
    {
        for (var i = 0; i < 100; i++)
        {
            var answer = await send();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                i.ShouldBeGreaterThanOrEqualTo(10);
                return answer;
            }
            answer.StatusCode.ShouldBe(taken);
        }
        throw new ShouldAssertException("nothing was refused");
    }

    private Task<ProbeServer> StartAsync(string limits) =>
        ProbeServer.StartAsync(Map, yaml: $"server: {{limits: {{{limits}}}}}");

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/probe", () => "p").AllowAnonymous().IsUnlimited();
        routes.MapPost("/change", () => "c").RequireRole(Role.Viewer);
        routes.MapPost("/login", () => "l").AllowAnonymous().LimitsLogins();
        routes.MapGet("/quick", () => "q").IsUnbounded();
        routes.MapGet("/stream", () => _finish.Task).IsUnbounded();
        routes.MapGet(
            "/slow",
            () =>
            {
                _entered.SetResult();
                return _finish.Task;
            }
        );
    }
}
