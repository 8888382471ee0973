using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Cronos;

namespace VClusterManager.Server.Configuration;

/// <summary>
/// When a cluster is put to sleep and woken: two cron expressions of five fields, in the local time of a zone. What falls
/// into an hour that summer time skips comes at its end; what falls into one that comes twice, comes the first time.
/// </summary>
internal sealed partial class SleepTimes
{
    /// <summary>A time that was missed for longer is not caught up with.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(31);

    /// <summary>More often than this nobody falls asleep, and each time is work.</summary>
    private static readonly TimeSpan MostOften = TimeSpan.FromMinutes(5);

    /// <summary>The library reads lists by recursion: a long one would end the process.</summary>
    private const int LongestCron = 100;

    // Any day will do: it is asked whether there is such a time at all.
    private static readonly DateTimeOffset Probe = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CronExpression _sleep;
    private readonly CronExpression? _wake;
    private readonly TimeZoneInfo _zone;

    private SleepTimes(Words words, CronExpression sleep, CronExpression? wake, TimeZoneInfo zone)
    {
        (Text, _sleep, _wake, _zone) = (words, sleep, wake, zone);
    }

    /// <summary>As it was given.</summary>
    public Words Text { get; }

    /// <param name="sleep">When it is put to sleep.</param>
    /// <param name="wake">When it is woken; <see langword="null"/>: at no fixed time.</param>
    /// <param name="timeZone">Of the IANA database, such as <c>Europe/Berlin</c>; <see langword="null"/>: UTC.</param>
    /// <param name="wrong">What is wrong: the name of the part, and why.</param>
    public static bool TryParse(
        string sleep,
        string? wake,
        string? timeZone,
        [NotNullWhen(true)] out SleepTimes? schedule,
        out (string Part, string Why) wrong
    )
    {
        schedule = null;
        if (!TryFindZone(timeZone, out var zone))
        {
            wrong = ("time_zone", "is no time zone of the IANA database, such as Europe/Berlin");
            return false;
        }

        if (!TryParse(sleep, zone, out var sleeps, out var why))
        {
            wrong = ("sleep", why);
            return false;
        }

        CronExpression? wakes = null;
        if (wake is not null && !TryParse(wake, zone, out wakes, out why))
        {
            wrong = ("wake", why);
            return false;
        }

        if (sleeps == wakes)
        {
            wrong = ("wake", "is the same as sleep: it would do neither");
            return false;
        }

        wrong = default;
        schedule = new SleepTimes(new Words(sleep, wake, timeZone), sleeps, wakes, zone);
        return true;
    }

    /// <summary>
    /// The text of <see cref="ToJson"/>; <see langword="null"/>: it is none any more (a time zone that this machine does
    /// not know, marks that somebody has written into). Its cluster counts for more than its schedule.
    /// </summary>
    public static SleepTimes? Read(string json)
    {
        try
        {
            return
                JsonSerializer.Deserialize<Words>(json) is { Sleep: not null } words
                && TryParse(words.Sleep, words.Wake, words.TimeZone, out var schedule, out _)
                ? schedule
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(Text);

    /// <summary>The next time at which it sleeps or wakes.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var sleep = _sleep.GetNextOccurrence(after, _zone);
        var wake = _wake?.GetNextOccurrence(after, _zone);
        return wake is null || sleep < wake ? sleep!.Value : wake.Value;
    }

    /// <summary>
    /// The newest time between the two, and what it is for; <see langword="null"/>: there is none. Of several that were
    /// missed only the last one counts, and of two at once the one that wakes.
    /// </summary>
    public ScheduledTime? Last(DateTimeOffset after, DateTimeOffset until)
    {
        var from = until - after > LongestLook ? until - LongestLook : after;
        var sleep = Last(_sleep, from, until);
        var wake = _wake is null ? null : Last(_wake, from, until);
        return wake is { } wakes && !(sleep > wakes) ? new ScheduledTime(wakes, Wakes: true)
            : sleep is { } sleeps ? new ScheduledTime(sleeps, Wakes: false)
            : null;
    }

    // Forwards: what the library finds backwards across a change of summer time is not what it finds forwards.
    private DateTimeOffset? Last(CronExpression cron, DateTimeOffset from, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        for (
            var next = cron.GetNextOccurrence(from, _zone);
            next <= until;
            next = cron.GetNextOccurrence(next.Value, _zone)
        )
        {
            last = next;
        }

        return last;
    }

    private static bool TryParse(
        string text,
        TimeZoneInfo zone,
        [NotNullWhen(true)] out CronExpression? cron,
        out string why
    )
    {
        const string Expected = "is no cron expression of five fields, such as 0 20 * * MON-FRI";
        cron = null;
        if (text.Length > LongestCron)
        {
            why = $"must have at most {LongestCron} characters";
            return false;
        }

        try
        {
            cron = CronExpression.Parse(text);
            why = Unfit(cron, zone) ?? "";
            return why.Length == 0;
        }
        catch (Exception e) when (e is CronFormatException or MissingSeedException)
        {
            // The first sentence says that something is wrong, the others what.
            var detail = e.Message.Split(". ", 2) is [_, var rest] ? rest.TrimEnd('.') : e.Message;
            why = $"{Expected}: {detail}";
            return false;
        }
    }

    /// <summary>What is wrong with its times; <see langword="null"/>: nothing. The minutes of all its hours are the same.</summary>
    private static string? Unfit(CronExpression cron, TimeZoneInfo zone)
    {
        if (cron.GetNextOccurrence(Probe, zone) is not { } last)
        {
            return "never comes";
        }

        for (var until = last + TimeSpan.FromHours(2); last < until; )
        {
            if (cron.GetNextOccurrence(last, zone) is not { } next)
            {
                return null;
            }

            if (next - last < MostOften)
            {
                return $"comes more often than every {MostOften.TotalMinutes:0} minutes";
            }

            last = next;
        }

        return null;
    }

    /// <summary>A name is looked up as a file: what is no name is not looked for.</summary>
    private static bool TryFindZone(string? name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        return name is null
            || (name.Length <= 64 && ZoneName.IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!));
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ZoneName { get; }

    /// <param name="Sleep">A cron expression.</param>
    /// <param name="Wake">A cron expression; <see langword="null"/>: none.</param>
    /// <param name="TimeZone"><see langword="null"/>: UTC.</param>
    internal sealed record Words(
        [property: JsonPropertyName("sleep")] string Sleep,
        [property: JsonPropertyName("wake")] string? Wake,
        [property: JsonPropertyName("time_zone")] string? TimeZone
    );
}

/// <param name="Wakes">False: it sleeps.</param>
internal readonly record struct ScheduledTime(DateTimeOffset At, bool Wakes);
