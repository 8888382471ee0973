using Shouldly;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Time;

public sealed class ClusterTimesTests
{
    private static readonly DateTimeOffset Noon = Rows.Noon;
    private static readonly ExpiryOptions Expiry = new();

    [Fact]
    public void A_cluster_goes_when_its_end_has_come_and_not_a_tick_before()
    {
        var row = Running(ends: Noon.AddHours(1));
        row.ExpiryWarning = TimeSpan.FromMinutes(15);

        Decide(row, Noon.AddHours(1).AddTicks(-1)).ShouldBe(new TimeDecision(null, Noon.AddHours(1)));
        Decide(row, Noon.AddHours(1)).Act.ShouldBe(new TimeAct.Expire(Noon.AddHours(1)));
    }

    [Theory]
    [InlineData(nameof(ClusterPhase.Pending))]
    [InlineData(nameof(ClusterPhase.Provisioning))]
    [InlineData(nameof(ClusterPhase.Updating))]
    [InlineData(nameof(ClusterPhase.Sleeping))]
    [InlineData(nameof(ClusterPhase.Waking))]
    [InlineData(nameof(ClusterPhase.Failed))]
    public void Its_end_counts_whatever_it_is_doing(string phase)
    {
        var row = Running(ends: Noon);
        row.Phase = Enum.Parse<ClusterPhase>(phase);

        Decide(row, Noon).Act.ShouldBeOfType<TimeAct.Expire>();
    }

    [Fact]
    public void What_is_protected_has_no_end_or_is_going_already_is_left_alone()
    {
        var isProtected = Running(ends: Noon);
        isProtected.Protected = true;
        var going = Running(ends: Noon);
        going.Desired = DesiredState.Deleted;

        Decide(isProtected, Noon.AddDays(9)).ShouldBe(TimeDecision.Nothing);
        Decide(Running(ends: null), Noon.AddDays(9)).ShouldBe(TimeDecision.Nothing);
        Decide(going, Noon.AddDays(9)).ShouldBe(TimeDecision.Nothing);
        ClusterTimes
            .Decide(Running(ends: Noon), Noon, Expiry with { Enabled = false }, Noon.AddDays(9))
            .ShouldBe(TimeDecision.Nothing);
    }

    [Fact]
    public void Each_warning_is_given_once_and_of_two_that_are_due_the_shorter_one()
    {
        var row = Running(ends: Noon.AddHours(24));

        Decide(row, Noon).Next.ShouldBe(Noon.AddHours(22));
        Decide(row, Noon.AddHours(22)).Act.ShouldBe(new TimeAct.Warn(TimeSpan.FromHours(2)));
        row.ExpiryWarning = TimeSpan.FromHours(2);
        Decide(row, Noon.AddHours(22)).ShouldBe(new TimeDecision(null, Noon.AddHours(23.75)));
        Decide(row, Noon.AddHours(23.9)).Act.ShouldBe(new TimeAct.Warn(TimeSpan.FromMinutes(15)));
        row.ExpiryWarning = null;
        Decide(row, Noon.AddHours(23.9)).Act.ShouldBe(new TimeAct.Warn(TimeSpan.FromMinutes(15)));
    }

    [Fact]
    public void Another_end_is_warned_of_anew()
    {
        var row = Running(ends: Noon.AddHours(24));
        row.ExpiryWarning = TimeSpan.FromMinutes(15);

        row.EndsAt(Noon.AddHours(24));
        row.ExpiryWarning.ShouldNotBeNull();
        row.EndsAt(Noon.AddHours(48));

        row.ExpiryWarning.ShouldBeNull();
        Decide(row, Noon.AddHours(46)).Act.ShouldBe(new TimeAct.Warn(TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_warning_that_is_longer_than_its_life_is_not_given()
    {
        var row = Running(ends: Noon.AddHours(1));

        Decide(row, Noon).ShouldBe(new TimeDecision(null, Noon.AddMinutes(45)));
    }

    [Fact]
    public void An_end_that_is_left_to_others_keeps_nothing_else_from_being_done()
    {
        var row = Running(ends: Noon);
        row.SleepAfter = TimeSpan.FromHours(1);

        ClusterTimes
            .Decide(row, Noon, Expiry, Noon.AddDays(1), isLeft: true)
            .Act.ShouldBeOfType<TimeAct.Sleep>()
            .Cause.ShouldBe(SleepCause.Idle);
    }

    [Fact]
    public void It_sleeps_when_nobody_has_used_it_for_long_enough_and_only_when_it_runs()
    {
        var row = Running(ends: null);
        row.SleepAfter = TimeSpan.FromHours(2);

        Decide(row, Noon, lastUse: Noon).Next.ShouldBe(Noon.AddHours(2));
        Decide(row, Noon.AddHours(2), lastUse: Noon).Act.ShouldBeOfType<TimeAct.Sleep>();
        Decide(row, Noon.AddHours(2), lastUse: Noon.AddMinutes(1))
            .ShouldBe(new TimeDecision(null, Noon.AddHours(2).AddMinutes(1)));
        row.Phase = ClusterPhase.Failed;
        Decide(row, Noon.AddHours(9), lastUse: Noon).ShouldBe(TimeDecision.Nothing);
    }

    [Theory]
    [InlineData(nameof(ClusterPhase.Running), 21, null, "Sleep")]
    [InlineData(nameof(ClusterPhase.Sleeping), 21, nameof(SleepCause.Idle), "Pass")]
    [InlineData(nameof(ClusterPhase.Failed), 21, null, "Pass")]
    [InlineData(nameof(ClusterPhase.Updating), 21, null, null)]
    [InlineData(nameof(ClusterPhase.Provisioning), 21, null, null)]
    [InlineData(nameof(ClusterPhase.Sleeping), 32, nameof(SleepCause.Schedule), "Wake")]
    [InlineData(nameof(ClusterPhase.Sleeping), 32, nameof(SleepCause.Idle), "Wake")]
    // Whoever put it to sleep by hand has it asleep until somebody wakes it.
    [InlineData(nameof(ClusterPhase.Sleeping), 32, nameof(SleepCause.Asked), "Pass")]
    [InlineData(nameof(ClusterPhase.Sleeping), 32, null, "Pass")]
    [InlineData(nameof(ClusterPhase.Running), 32, null, "Pass")]
    [InlineData(nameof(ClusterPhase.Waking), 32, nameof(SleepCause.Schedule), null)]
    public void A_schedule_is_followed_once_for_each_of_its_times(
        string phase,
        int hour,
        string? cause,
        string? expected
    )
    {
        var row = Scheduled();
        row.Phase = Enum.Parse<ClusterPhase>(phase);
        row.SleepCause = cause is null ? null : Enum.Parse<SleepCause>(cause);
        var now = Noon.Date.AddHours(hour);

        var decision = Decide(row, new DateTimeOffset(now, TimeSpan.Zero));

        decision.Act?.GetType().Name.ShouldBe(expected);
        if (expected is null)
        {
            decision.Act.ShouldBeNull();
            // What stands in the way is over soon.
            decision.Next.ShouldBe(new DateTimeOffset(now, TimeSpan.Zero).AddSeconds(15));
        }
    }

    [Fact]
    public void Whoever_wakes_it_at_night_has_it_awake_until_the_next_evening()
    {
        var row = Scheduled();
        row.ScheduleSeenAt = Noon.AddHours(8);

        Decide(row, Noon.AddHours(10)).ShouldBe(new TimeDecision(null, Noon.AddHours(19)));
    }

    [Fact]
    public void The_end_comes_before_the_morning()
    {
        var row = Scheduled();
        row.Phase = ClusterPhase.Sleeping;
        row.SleepCause = SleepCause.Schedule;
        row.ScheduleSeenAt = Noon.AddHours(8);
        row.EndsAt(Noon.AddHours(19));

        Decide(row, Noon.AddHours(19)).Act.ShouldBeOfType<TimeAct.Expire>();
    }

    private static TimeDecision Decide(ClusterRow row, DateTimeOffset now, DateTimeOffset? lastUse = null) =>
        ClusterTimes.Decide(row, lastUse ?? row.LastUsedAt, Expiry, now);

    private static ClusterRow Running(DateTimeOffset? ends)
    {
        var row = Rows.Cluster(createdAt: Noon);
        row.Phase = ClusterPhase.Running;
        row.LastUsedAt = Noon;
        row.EndsAt(ends);
        return row;
    }

    /// <summary>Sleeps at 20:00, wakes at 07:00.</summary>
    private static ClusterRow Scheduled()
    {
        var row = Running(ends: null);
        SleepTimes.TryParse("0 20 * * *", "0 7 * * *", null, out var times, out _).ShouldBeTrue();
        SleepRules.Set(row, times, Noon);
        return row;
    }
}
