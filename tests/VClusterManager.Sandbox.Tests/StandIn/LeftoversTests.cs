using VCluster.StandIn.Verbs;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class LeftoversTests
{
    [Fact]
    public void A_name_that_is_too_long_for_a_label_is_cut_as_the_CLI_cuts_it()
    {
        Leftovers.SafeName("vcluster-demo-x-demo").ShouldBe("vcluster-demo-x-demo");

        var name = new string('n', 48);
        var safe = Leftovers.SafeName($"vcluster-{name}-x-{name}");

        safe.Length.ShouldBe(63);
        safe.ShouldStartWith($"vcluster-{name}"[..52] + "-");
        Leftovers.SafeName($"vcluster-{name}-x-{name}").ShouldBe(safe);
        Leftovers.SafeName($"vcluster-{name}-x-{name}n").ShouldNotBe(safe);
    }
}
