using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Guards;
using Xunit;

namespace VClusterManager.Server.Tests.Http.Guards;

public sealed class FailedLoginsTests
{
    private const string Here = "203.0.113.7";
    private const string Elsewhere = "198.51.100.1";

    private readonly FakeTimeProvider _time = new();
    private readonly FailedLogins _logins;

    public FailedLoginsTests() => _logins = new FailedLogins(_time);

    [Theory]
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(5, 0.5)]
    [InlineData(6, 1.0)]
    [InlineData(10, 16.0)]
    [InlineData(15, 512.0)]
    [InlineData(16, 900.0)]
    [InlineData(5000, 900.0)]
    public void The_delay_grows_with_each_failure(int failures, double? seconds)
    {
        Fail(Here, "anna", failures);

        _logins.DelayFor(Here, "anna")?.TotalSeconds.ShouldBe(seconds!.Value);
        (_logins.DelayFor(Here, "anna") is null).ShouldBe(seconds is null);
    }

    [Fact]
    public void A_source_that_fails_slows_down_itself_and_not_the_users_other_logins()
    {
        Fail(Here, "anna", 10);

        _logins.DelayFor(Here, "anna").ShouldNotBeNull();
        _logins.DelayFor(Elsewhere, "anna").ShouldBeNull();
        _logins.DelayFor(Here, "bert").ShouldBeNull();
    }

    [Fact]
    public void Whoever_must_wait_is_told_for_how_long()
    {
        _logins.RefusalFor(Here, "anna").ShouldBeNull();
        Fail(Here, "anna", 10);

        var refusal = _logins.RefusalFor(Here, "anna").ShouldNotBeNull();

        (refusal.Kind, refusal.RetryAfter).ShouldBe((ProblemKind.TooManyRequests, TimeSpan.FromSeconds(16)));
        _logins.RefusalFor(Elsewhere, "anna").ShouldBeNull();
    }

    [Fact]
    public void The_delay_passes_and_the_next_failure_is_punished_more()
    {
        Fail(Here, "anna", 10);
        _time.Advance(TimeSpan.FromSeconds(15));
        _logins.DelayFor(Here, "anna").ShouldBe(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _logins.DelayFor(Here, "anna").ShouldBeNull();

        _logins.Failed(Here, "anna");

        _logins.DelayFor(Here, "anna").ShouldBe(TimeSpan.FromSeconds(32));
    }

    [Fact]
    public void Success_begins_anew()
    {
        Fail(Here, "anna", 10);

        _logins.Succeeded(Here, "anna");

        _logins.DelayFor(Here, "anna").ShouldBeNull();
        Fail(Here, "anna", FailedLogins.Free);
        _logins.DelayFor(Here, "anna").ShouldBeNull();
    }

    [Fact]
    public void So_does_a_long_time_without_a_failure()
    {
        Fail(Here, "anna", 10);
        _time.Advance(FailedLogins.Memory);

        _logins.Failed(Here, "anna");

        _logins.DelayFor(Here, "anna").ShouldBeNull();
    }

    [Fact]
    public void A_name_in_other_letters_is_the_same_user()
    {
        Fail(Here, "anna", 3);
        Fail(Here, "ANNA", 3);

        _logins.DelayFor(Here, "Anna").ShouldNotBeNull();
    }

    [Fact]
    public void It_does_not_grow_without_bound_and_forgets_the_oldest_first()
    {
        Fail(Here, "old", 10);
        for (var i = 0; i < 3 * FailedLogins.Capacity; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _logins.Failed(Elsewhere, $"user-{i}");
            _logins.Count.ShouldBeLessThanOrEqualTo(FailedLogins.Capacity);
        }

        _logins.DelayFor(Here, "old").ShouldBeNull();
        Fail(Here, "young", 10);
        _logins.DelayFor(Here, "young").ShouldNotBeNull();
    }

    [Fact]
    public void Long_names_are_not_kept_whole()
    {
        Fail(Here, new string('a', 1_000_000), 10);

        _logins.DelayFor(Here, new string('a', 256)).ShouldNotBeNull();
    }

    private void Fail(string source, string user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _logins.Failed(source, user);
        }
    }
}
