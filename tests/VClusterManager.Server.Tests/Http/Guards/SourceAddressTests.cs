using System.Net;
using Shouldly;
using VClusterManager.Server.Http.Guards;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1", "::/64")]
    public void An_address_and_what_counts_as_one_source(string address, string text, string network)
    {
        SourceAddress.Of(IPAddress.Parse(address)).ShouldBe(text);
        SourceAddress.NetworkOf(IPAddress.Parse(address)).ShouldBe(network);
    }

    [Fact]
    public void Without_an_address_there_is_none()
    {
        SourceAddress.Of(null).ShouldBeNull();
        SourceAddress.NetworkOf(null).ShouldBeEmpty();
    }
}
