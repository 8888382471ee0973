using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Http;
using VClusterManager.Server.Tests.Clusters;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

/// <summary>Whether a server may change anything.</summary>
public sealed class WriteAccessTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(TestManager.Now);

    [Fact]
    public void It_is_closed_until_somebody_opens_it()
    {
        using var access = Access();

        access.IsOpen.ShouldBeFalse();
        access.Settled.IsCompleted.ShouldBeFalse();
        access.Refused().ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Unavailable);

        access.Open(Minute, "over");
        access.IsOpen.ShouldBeTrue();
        access.Settled.IsCompleted.ShouldBeTrue();
        access.Refused().ShouldBeNull();
    }

    [Fact]
    public void It_closes_by_itself_when_its_time_is_over_and_says_so()
    {
        using var access = Access();
        var told = 0;
        access.Open(Minute, "it is over");
        access.Changed += () => told++;

        _time.Advance(Minute - TimeSpan.FromSeconds(1));
        access.IsOpen.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));

        access.WhyNot.ShouldBe("it is over");
        told.ShouldBe(1);
    }

    [Fact]
    public void It_stays_open_as_long_as_it_is_said_again_and_nobody_is_told_of_that()
    {
        using var access = Access();
        var told = 0;
        access.Open(Minute, "over");
        access.Changed += () => told++;

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Minute - TimeSpan.FromSeconds(1));
            access.Open(Minute, "over");
        }

        access.IsOpen.ShouldBeTrue();
        told.ShouldBe(0);
    }

    [Fact]
    public void It_can_be_closed_before_and_opened_again()
    {
        using var access = Access();
        access.Open(Minute, "over");

        access.Close("another's", isAnothers: true);
        (access.WhyNot, access.IsAnothers).ShouldBe(("another's", true));
        _time.Advance(Minute * 2);
        access.WhyNot.ShouldBe("another's");

        access.Open(Minute, "over");
        (access.IsOpen, access.IsAnothers).ShouldBe((true, false));
    }

    [Fact]
    public void A_failure_to_get_an_answer_settles_nothing()
    {
        using var access = Access();

        access.Doubt("nobody answers", settled: false);
        access.Settled.IsCompleted.ShouldBeFalse();
        access.Doubt("a right is missing", settled: true);

        access.Settled.IsCompleted.ShouldBeTrue();
        access.Refused().ShouldNotBeNull("it has never been known").Detail.ShouldBe("a right is missing");
    }

    [Fact]
    public void In_doubt_requests_are_stored_and_nothing_is_done()
    {
        using var access = Access();
        access.Open(Minute, "over");

        _time.Advance(Minute);
        access.Doubt("nobody answers", settled: false);

        access.IsOpen.ShouldBeFalse();
        access.RefusedNow().ShouldNotBeNull().Detail.ShouldBe("nobody answers");
        access.Refused().ShouldBeNull();

        access.Close("another's", isAnothers: true);
        access.Refused().ShouldNotBeNull();
        access.Doubt("nobody answers", settled: false);
        access.Refused().ShouldNotBeNull("it was not ours when it was known last");
    }

    [Fact]
    public void One_that_is_read_only_by_configuration_is_opened_by_nobody()
    {
        var options = TestManager.Options();
        using var access = new WriteAccess(options with { Server = options.Server with { ReadOnly = true } }, _time);

        access.Open(Minute, "over");

        (access.IsOff, access.IsOpen).ShouldBe((true, false));
        access.WhyNot!.ShouldContain("server.read_only");
    }

    private WriteAccess Access() => new(TestManager.Options(), _time);
}
