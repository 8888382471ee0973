using Shouldly;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(7, 64)]
    [InlineData(8, 128)]
    [InlineData(9, 180)]
    [InlineData(1_000_000, 180)]
    public void The_pause_doubles_up_to_a_bound(int attempts, int seconds) =>
        Backoff.After(attempts, 0.5).ShouldBe(TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(1));

    [Theory]
    [InlineData(0.0, 0.8)]
    [InlineData(1.0, 1.2)]
    public void The_pause_spreads_by_a_fifth(double jitter, double seconds) =>
        Backoff.After(1, jitter).ShouldBe(TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(1));
}
