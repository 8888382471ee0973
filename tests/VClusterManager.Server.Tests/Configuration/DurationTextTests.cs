using CsCheck;
using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("3m", 180)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("0s", 0)]
    [InlineData("1d2h3m4s", 93784)]
    public void Durations_are_read(string text, int seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("-3m")]
    [InlineData("3 m")]
    [InlineData("30m1h")]
    [InlineData("1.5h")]
    [InlineData("3m\n")]
    [InlineData("99999999999s")]
    public void What_is_no_duration_is_refused(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Int[0, 10_000_000]
            .Sample(seconds =>
                DurationText.TryParse(DurationText.Format(TimeSpan.FromSeconds(seconds)), out var back)
                && back == TimeSpan.FromSeconds(seconds)
            );
}
