using System.Globalization;
using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class SleepTimesTests
{
    [Theory]
    // Winter, and summer: the same hour of the day in Berlin.
    [InlineData("0 20 * * *", "Europe/Berlin", "2026-01-10T12:00Z", "2026-01-10T19:00Z")]
    [InlineData("0 20 * * *", "Europe/Berlin", "2026-07-10T12:00Z", "2026-07-10T18:00Z")]
    // 02:30 is skipped on that night: it comes when the skipped hour is over.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z")]
    // 02:30 comes twice on that night: the first one counts, and the second one does not.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    // The other hemisphere, and a zone whose summer time moves by half an hour.
    [InlineData("0 20 * * *", "Australia/Sydney", "2026-01-10T00:00Z", "2026-01-10T09:00Z")]
    [InlineData("0 20 * * *", "Australia/Lord_Howe", "2026-07-10T00:00Z", "2026-07-10T09:30Z")]
    // The leap day, from a year that has none.
    [InlineData("0 0 29 2 *", "UTC", "2026-03-01T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("0 20 * * MON-FRI", "UTC", "2026-03-06T21:00Z", "2026-03-09T20:00Z")]
    [InlineData("0 0 L * *", "UTC", "2028-02-10T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("0 0 1 1 *", "UTC", "2026-12-31T23:59Z", "2027-01-01T00:00Z")]
    public void The_next_time_is_that_of_the_clock_on_the_wall(
        string cron,
        string zone,
        string after,
        string expected
    ) => Times(cron, null, zone).Next(At(after)).ShouldBe(At(expected));

    [Theory]
    [InlineData("2026-03-02T12:00Z", "2026-03-02T19:59Z", null, false)]
    [InlineData("2026-03-02T12:00Z", "2026-03-02T20:00Z", "2026-03-02T20:00Z", false)]
    // The one that is behind is not asked for again.
    [InlineData("2026-03-02T20:00Z", "2026-03-03T06:59Z", null, false)]
    [InlineData("2026-03-02T20:00Z", "2026-03-03T07:00Z", "2026-03-03T07:00Z", true)]
    // Of all that were missed over a weekend only the last one counts.
    [InlineData("2026-03-02T12:00Z", "2026-03-05T23:00Z", "2026-03-05T20:00Z", false)]
    // What was missed for longer than a month is not caught up with, but what came since is.
    [InlineData("2020-01-01T00:00Z", "2026-03-05T23:00Z", "2026-03-05T20:00Z", false)]
    public void Only_the_last_time_that_was_missed_counts(string after, string until, string? expected, bool wakes)
    {
        var last = Times("0 20 * * MON-FRI", "0 7 * * MON-FRI", "UTC").Last(At(after), At(until));

        last.ShouldBe(expected is null ? null : new ScheduledTime(At(expected), wakes));
    }

    [Fact]
    public void Of_two_at_once_the_one_that_wakes_counts() =>
        Times("0 * * * *", "0 7 * * *", "UTC")
            .Last(At("2026-03-02T06:30Z"), At("2026-03-02T07:10Z"))
            .ShouldBe(new ScheduledTime(At("2026-03-02T07:00Z"), Wakes: true));

    [Theory]
    [InlineData("", null, null, "sleep")]
    [InlineData("0 20 * *", null, null, "sleep")]
    [InlineData("0 0 20 * * *", null, null, "sleep")]
    [InlineData("61 20 * * *", null, null, "sleep")]
    [InlineData("0 20 * * FRY", null, null, "sleep")]
    [InlineData("0 0 30 2 *", null, null, "sleep")]
    [InlineData("H 20 * * *", null, null, "sleep")]
    [InlineData("0 20 * * *", "at dawn", null, "wake")]
    [InlineData("0 20 * * *", "0 20 * * *", null, "wake")]
    [InlineData("0 20 * * *", null, "Mars/Olympus", "time_zone")]
    [InlineData("0 20 * * *", null, "../../etc/passwd", "time_zone")]
    [InlineData("0 20 * * *", null, "/usr/share/zoneinfo/Europe/Berlin", "time_zone")]
    [InlineData("0 20 * * *", null, "", "time_zone")]
    [InlineData("* * * * *", null, null, "sleep")]
    [InlineData("@every_second", null, null, "sleep")]
    [InlineData("0,58 * * * *", null, null, "sleep")]
    [InlineData("0 20 * * *", "*/4 7 * * *", null, "wake")]
    public void What_is_no_schedule_says_which_part_is_wrong(string sleep, string? wake, string? zone, string part)
    {
        SleepTimes.TryParse(sleep, wake, zone, out _, out var wrong).ShouldBeFalse();

        wrong.Part.ShouldBe(part);
        wrong.Why.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void It_is_kept_as_it_was_written()
    {
        var times = Times("@daily", "0 7 * * MON-FRI", "Europe/Berlin");

        SleepTimes.Read(times.ToJson()).ShouldNotBeNull().Text.ShouldBe(times.Text);
    }

    [Fact]
    public void A_list_that_would_take_the_reader_too_deep_is_refused_for_its_length()
    {
        var sleep = string.Join(',', Enumerable.Repeat("0", 51)) + " 20 * * *";

        SleepTimes.TryParse(sleep, null, null, out _, out var wrong).ShouldBeFalse();

        wrong.ShouldBe(("sleep", "must have at most 100 characters"));
    }

    [Theory]
    [InlineData("""{"sleep":"0 20 * * *","wake":null,"time_zone":"Mars/Olympus"}""")]
    [InlineData("""{"wake":"0 7 * * *"}""")]
    [InlineData("null")]
    [InlineData("not json")]
    public void What_is_no_schedule_any_more_is_none(string json) => SleepTimes.Read(json).ShouldBeNull();

    private static SleepTimes Times(string sleep, string? wake, string zone)
    {
        SleepTimes.TryParse(sleep, wake, zone, out var times, out var wrong).ShouldBeTrue($"{wrong}");
        return times!;
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
