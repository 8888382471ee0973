using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

/// <summary>Where a request comes from is what a trusted proxy says, and else where it comes from.</summary>
public sealed class TrustedProxyTests
{
    private const string Trusted = "[127.0.0.0/8]";

    [Theory]
    [InlineData("[]", "6.6.6.6", "127.0.0.1")]
    [InlineData("[10.0.0.0/8]", "6.6.6.6", "127.0.0.1")]
    [InlineData("['::1']", "6.6.6.6", "127.0.0.1")]
    [InlineData(Trusted, "203.0.113.9", "203.0.113.9")]
    [InlineData("[127.0.0.1]", "203.0.113.9", "203.0.113.9")]
    [InlineData("[127.9.9.9/8]", "203.0.113.9", "203.0.113.9")]
    [InlineData("[127.0.0.1]", "not-an-address", "127.0.0.1")]
    [InlineData("[127.0.0.1]", "2001:db8::9", "2001:db8::9")]
    // What stands in front of the first address that is not trusted was written by whoever has that address.
    [InlineData(Trusted, "6.6.6.6, 203.0.113.9", "203.0.113.9")]
    [InlineData("[127.0.0.0/8, 10.0.0.0/8]", "6.6.6.6, 203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData(Trusted, "", "127.0.0.1")]
    public async Task Only_a_trusted_proxy_is_believed(string trusted, string forwarded, string from)
    {
        await using var server = await StartAsync($"server: {{trusted_proxies: {trusted}}}");

        (await FromAsync(server, ("X-Forwarded-For", forwarded))).ShouldStartWith($"{from} ");
    }

    [Fact]
    public async Task Scheme_and_name_are_taken_from_a_trusted_proxy_alone()
    {
        (string, string)[] headers =
        [
            ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "vclusters.example.com"),
        ];
        await using var trusting = await StartAsync($"server: {{trusted_proxies: {Trusted}}}");
        await using var wary = await StartAsync("");

        (await FromAsync(trusting, headers)).ShouldBe("203.0.113.9 https://vclusters.example.com");
        (await FromAsync(wary, headers)).ShouldBe($"127.0.0.1 http://{wary.Address.Authority}");
        (await trusting.SendAsync("GET", "/from", headers: headers))
            .Headers.GetValues("Strict-Transport-Security")
            .ShouldBe(["max-age=31536000"]);
        (await wary.SendAsync("GET", "/from", headers: headers))
            .Headers.Contains("Strict-Transport-Security")
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData(Trusted, HttpStatusCode.Unauthorized)]
    [InlineData("[]", HttpStatusCode.TooManyRequests)]
    public async Task A_spoofed_address_is_no_new_caller_to_the_limits(string trusted, HttpStatusCode last)
    {
        await using var server = await StartAsync(
            $"server: {{trusted_proxies: {trusted}, limits: {{anonymous_per_second: 1}}}}"
        );

        HttpStatusCode status = default;
        for (var i = 0; i < 60 && status != HttpStatusCode.TooManyRequests; i++)
        {
            status = (
                await server.SendAsync("GET", "/from", key: null, headers: ("X-Forwarded-For", $"203.0.113.{i}"))
            ).StatusCode;
        }

        status.ShouldBe(last);
    }

    [Theory]
    [InlineData("[everybody]")]
    [InlineData("[10.0.0.0/33]")]
    [InlineData("[10]")]
    [InlineData("'*'")]
    public void What_is_no_address_and_no_network_stops_the_start(string trusted) =>
        new ConfigurationBench()
            .WithYaml($"server: {{trusted_proxies: {trusted}}}")
            .Error()
            .ShouldContain("server.trusted_proxies");

    private static Task<ProbeServer> StartAsync(string yaml) => ProbeServer.StartAsync(Map, yaml: yaml);

    private static async Task<string> FromAsync(ProbeServer server, params (string, string)[] headers) =>
        await (await server.SendAsync("GET", "/from", headers: headers)).Content.ReadAsStringAsync();

    private static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/from",
            (HttpContext http) => $"{http.Connection.RemoteIpAddress} {http.Request.Scheme}://{http.Request.Host}"
        );
}
