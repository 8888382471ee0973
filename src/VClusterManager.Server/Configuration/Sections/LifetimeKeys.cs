using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>The keys about the time of virtual clusters: when they end, sleep and wake.</summary>
internal sealed class LifetimeKeys(KeySection section)
{
    public static readonly KeySection ScheduleSection = new(
        "vcluster.sleep_schedule",
        "When clusters sleep and wake that ask for no schedule of their own."
    );

    private static readonly Key<string> ScheduleSleep = ScheduleSection.Add(
        Cron("sleep", "When they are put to sleep: five fields, such as `0 20 * * MON-FRI`.")
    );

    private static readonly Key<string> ScheduleWake = ScheduleSection.Add(
        Cron("wake", "When they are woken. Unset: not by the clock.")
    );

    private static readonly Key<string> ScheduleZone = ScheduleSection.Add(
        new Key<string>(Types.Text("a time zone such as Europe/Berlin", "^[A-Za-z0-9_+/-]+$", maxLength: 64))
        {
            Name = "time_zone",
            DefaultWords = "UTC",
            Doc = "The time zone of both, by its name in the IANA database. Summer time is followed.",
        }
    );

    private readonly Key<bool> _enabled = section.Add(
        new Key<bool>(Types.Boolean)
        {
            Name = "pruning_enabled",
            Default = "true",
            Doc = "Whether clusters are taken away when their time has come. Off: they stay, and nobody is warned.",
        }
    );

    private readonly Key<int> _interval = section.Add(
        new Key<int>(Types.Integer(1, 168))
        {
            Name = "pruning_interval_hours",
            Default = "1",
            ShortVariable = "PRUNING_INTERVAL_HOURS",
            Doc =
                "How often the sweep looks for clusters whose end was missed. Nobody waits for it: a cluster ends within "
                + "seconds of its time as long as a server runs.",
        }
    );

    private readonly Key<int> _budget = section.Add(
        new Key<int>(Types.Integer(1, 100_000))
        {
            Name = "pruning_budget",
            Default = "20",
            Doc =
                "How many clusters one sweep takes away at most, the longest overdue first: a clock that is wrong must not "
                + "empty the host.",
        }
    );

    private readonly Key<IReadOnlyList<TimeSpan>> _warnings = section.Add(
        new Key<IReadOnlyList<TimeSpan>>(
            new ListType<TimeSpan>(
                "a list of durations",
                Types.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30))
            )
        )
        {
            Name = "expiry_warnings",
            Default = "[2h, 15m]",
            Doc =
                "How long before a cluster's end its history, its conditions and the event stream say so. A warning longer than "
                + "its life is not given.",
        }
    );

    private readonly Key<TimeSpan> _sleepAfter = section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromMinutes(5), TimeSpan.FromDays(30)))
        {
            Name = "sleep_after",
            DefaultWords = "they do not sleep for being idle",
            Doc =
                "Clusters that ask for no other time are put to sleep when nobody has used them for so long: no request "
                + "through the proxy, and no change by the API. It counts for clusters made from now on.",
        }
    );

    public ExpiryOptions ReadExpiry(ConfigurationValues values) =>
        new()
        {
            Enabled = values.Get(_enabled),
            SweepInterval = TimeSpan.FromHours(values.Get(_interval)),
            Budget = values.Get(_budget),
            Warnings = [.. values.Get(_warnings).Distinct().OrderDescending()],
        };

    public TimeSpan? ReadSleepAfter(ConfigurationValues values) => values.FindValue(_sleepAfter);

    public static SleepTimes? ReadSchedule(ConfigurationValues values)
    {
        var (wake, zone) = (values.Find(ScheduleWake), values.Find(ScheduleZone));
        if (values.Find(ScheduleSleep) is not { } sleep)
        {
            if (wake is not null)
            {
                values.Fail(ScheduleWake, $"needs {ScheduleSleep.Path}: what never sleeps is not woken");
            }

            return null;
        }

        if (SleepTimes.TryParse(sleep, wake, zone, out var schedule, out var wrong))
        {
            return schedule;
        }

        values.Fail(ScheduleSection.Keys.First(key => key.Name == wrong.Part), wrong.Why);
        return null;
    }

    private static Key<string> Cron(string name, string doc) =>
        new(Types.Text("a cron expression of five fields", "^[-0-9A-Za-z*/,?#@ ]+$", maxLength: 100))
        {
            Name = name,
            Doc = doc,
        };
}
