using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class UnreadyTimesTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(Rows.Noon);
    private readonly Guid _cluster = Guid.NewGuid();

    [Fact]
    public void One_that_is_seen_unready_again_and_again_is_overdue_after_the_limit()
    {
        UnreadyTimes times = new(s_minute, _time);

        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            times.IsOverdue(_cluster).ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        times.IsOverdue(_cluster).ShouldBeTrue();
    }

    [Fact]
    public void A_sight_of_long_ago_counts_for_nothing_since_another_server_may_have_seen_it_ready()
    {
        UnreadyTimes times = new(s_minute, _time);
        times.IsOverdue(_cluster).ShouldBeFalse();

        _time.Advance(TimeSpan.FromDays(2));

        times.IsOverdue(_cluster).ShouldBeFalse();
    }

    [Fact]
    public void One_that_was_something_else_in_between_begins_anew()
    {
        UnreadyTimes times = new(s_minute, _time);
        times.IsOverdue(_cluster);
        _time.Advance(TimeSpan.FromSeconds(40));
        times.Forget(_cluster);
        times.IsOverdue(_cluster);
        _time.Advance(TimeSpan.FromSeconds(40));

        times.IsOverdue(_cluster).ShouldBeFalse();
    }
}
