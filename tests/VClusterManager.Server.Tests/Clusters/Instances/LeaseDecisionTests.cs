using Shouldly;
using VClusterManager.Server.Clusters.Instances;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Instances;

/// <summary>Who may look after a host.</summary>
public sealed class LeaseDecisionTests
{
    private const string Own = "ours";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public void One_that_is_not_there_or_was_given_back_is_taken()
    {
        LeaseDecision.On(null, Own, TimeSpan.Zero).ShouldBeOfType<LeaseMove.Take>();
        LeaseDecision.On(Lease(""), Own, TimeSpan.Zero).ShouldBeOfType<LeaseMove.Take>();
    }

    [Fact]
    public void Our_own_is_renewed_however_old_it_is()
    {
        LeaseDecision.On(Lease(Own), Own, TimeSpan.Zero).ShouldBeOfType<LeaseMove.Renew>();
        LeaseDecision.On(Lease(Own), Own, Minute * 100).ShouldBeOfType<LeaseMove.Renew>();
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(59, 1)]
    public void Anothers_is_waited_for_as_long_as_it_holds(int seen, int left) =>
        LeaseDecision
            .On(Lease("theirs"), Own, TimeSpan.FromSeconds(seen))
            .ShouldBe(new LeaseMove.Wait(TimeSpan.FromSeconds(left)));

    [Fact]
    public void Anothers_that_was_seen_unchanged_for_so_long_is_taken() =>
        LeaseDecision.On(Lease("theirs"), Own, Minute).ShouldBeOfType<LeaseMove.Take>();

    [Fact]
    public void What_it_says_of_its_own_age_counts_for_nothing()
    {
        // A clock that is a year behind, or a server that was away for a year.
        var old = Lease("theirs") with
        {
            RenewedAt = TestManager.Now.AddYears(-1),
        };

        LeaseDecision.On(old, Own, TimeSpan.Zero).ShouldBeOfType<LeaseMove.Wait>();
    }

    [Fact]
    public void One_that_does_not_say_how_long_it_holds_holds_a_minute()
    {
        var silent = Lease("theirs") with { Duration = TimeSpan.Zero };

        LeaseDecision.On(silent, Own, TimeSpan.Zero).ShouldBe(new LeaseMove.Wait(Minute));
    }

    [Fact]
    public void Its_holder_stops_well_before_another_may_begin_and_has_renewed_often_by_then()
    {
        LeaseDecision.Safe(Minute).ShouldBeLessThanOrEqualTo(Minute - TimeSpan.FromSeconds(10));
        (LeaseDecision.Renewal(Minute) * 3).ShouldBeLessThan(LeaseDecision.Safe(Minute));
    }

    private static HostLease Lease(string holder) => new(holder, Minute, TestManager.Now, TestManager.Now, 0, "1");
}
