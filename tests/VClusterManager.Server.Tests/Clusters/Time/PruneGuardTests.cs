using Shouldly;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

public sealed class PruneGuardTests
{
    private static readonly DateTimeOffset Noon = Rows.Noon;
    private static readonly HostFreshness Fresh = new(Synced: true, Stale: false, TimeSpan.Zero, null);

    [Fact]
    public void What_time_it_surely_is_neither_clock_says_alone()
    {
        Decide(Noon, Noon).ShouldBe(new SureTime(Noon, null));
        // A year ahead, whichever of them it is: nothing is older than the other says.
        Decide(Noon.AddYears(1), Noon).Now.ShouldBe(Noon.AddSeconds(2));
        Decide(Noon, Noon.AddYears(1)).Now.ShouldBe(Noon);
        Decide(Noon.AddYears(-1), Noon).Now.ShouldBe(Noon.AddYears(-1));
    }

    [Fact]
    public void Whatever_is_not_known_means_no()
    {
        Decide(Noon, theirs: null).WhyNot.ShouldNotBeNull().ShouldContain("what time it is");
        PruneGuard.Decide(true, null, Fresh with { Synced = false }, Noon, Noon).WhyNot.ShouldNotBeNull();
        PruneGuard.Decide(true, null, Fresh with { Stale = true }, Noon, Noon).WhyNot.ShouldNotBeNull();
        PruneGuard.Decide(true, "It is read-only.", Fresh, Noon, Noon).WhyNot.ShouldBe("It is read-only.");
        PruneGuard.Decide(false, null, Fresh, Noon, Noon).WhyNot.ShouldNotBeNull().ShouldContain("pruning_enabled");
    }

    private static SureTime Decide(DateTimeOffset ours, DateTimeOffset? theirs) =>
        PruneGuard.Decide(true, null, Fresh, ours, theirs);
}
