using Microsoft.AspNetCore.Http;
using Shouldly;
using VClusterManager.Server.Access.Kubeconfigs;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.Clusters;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

public sealed class PublicAddressTests
{
    private static readonly ServerOptions Plain = TestManager.Options().Server;

    [Theory]
    [InlineData("manager.example.com", "https://manager.example.com/")]
    [InlineData("manager.example.com:8443", "https://manager.example.com:8443/")]
    [InlineData("[::1]:8443", "https://[::1]:8443/")]
    public void A_request_over_https_says_where_it_came_to(string host, string address) =>
        PublicAddress.Of(Plain, isHttps: true, new HostString(host)).Value.AbsoluteUri.ShouldBe(address);

    [Fact]
    public void What_is_configured_counts_whatever_the_request_says() =>
        PublicAddress
            .Of(
                Plain with
                {
                    PublicUrl = new Uri("https://public.example.com/vcm"),
                },
                isHttps: false,
                new HostString("x")
            )
            .Value.AbsoluteUri.ShouldBe("https://public.example.com/vcm");

    [Fact]
    public void A_server_that_ends_TLS_itself_is_reached_there() =>
        PublicAddress
            .Of(Plain with { Tls = new TlsOptions(8443, "c", "k") }, isHttps: false, new HostString("laptop", 8000))
            .Value.AbsoluteUri.ShouldBe("https://laptop:8443/");

    [Theory]
    [InlineData("http://public.example.com", "must begin with https")]
    [InlineData(null, "server.public_url")]
    public void Without_https_there_is_no_address_and_it_says_what_to_set(string? configured, string words)
    {
        var url = configured is null ? null : new Uri(configured);

        PublicAddress
            .Of(Plain with { PublicUrl = url }, isHttps: false, new HostString("manager:8000"))
            .Problem.ShouldNotBeNull()
            .Detail.ShouldContain(words);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("user@host")]
    [InlineData("")]
    public void A_host_that_is_none_makes_no_address(string host) =>
        PublicAddress.Of(Plain, isHttps: true, new HostString(host)).Problem.ShouldNotBeNull();
}
