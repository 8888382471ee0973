using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// What time asks of a cluster, decided purely, one thing at a time, in this order:
/// <list type="number">
/// <item>its end has come: it goes, also out of its sleep;</item>
/// <item>its end is near: somebody is told, once for each warning;</item>
/// <item>its schedule says sleep or wake: done once for each time, so that whoever wakes it at night has it awake;</item>
/// <item>nobody has used it for long: it sleeps.</item>
/// </list>
/// </summary>
internal static class ClusterTimes
{
    /// <summary>What stands in the way of a schedule (an upgrade, a start) is over soon.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    /// <summary>A schedule that was followed up to a time this far ahead was followed by a clock that has gone back since.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <param name="lastUse">When somebody last used it, by whatever door.</param>
    /// <param name="isLeft">Its end is somebody else's to see to: it is late, and left to the sweep.</param>
    public static TimeDecision Decide(
        ClusterRow row,
        DateTimeOffset lastUse,
        ExpiryOptions expiry,
        DateTimeOffset now,
        bool isLeft = false
    )
    {
        if (row.Desired == DesiredState.Deleted || row.DeletedAt is not null)
        {
            return TimeDecision.Nothing;
        }

        var looks = new Looks();
        if (!isLeft && EndOf(row, expiry) is { } end)
        {
            if (now >= end)
            {
                return new TimeDecision(new TimeAct.Expire(end), null);
            }

            looks.Add(end);
            if (Warning(row, end, expiry, now, looks) is { } threshold)
            {
                return new TimeDecision(new TimeAct.Warn(threshold), null);
            }
        }

        return (Scheduled(row, now, looks) ?? Idle(row, lastUse, now, looks)) is { } act
            ? new TimeDecision(act, null)
            : new TimeDecision(null, looks.First);
    }

    /// <summary>When to look at it next, without acting now; <see langword="null"/>: never, as things are.</summary>
    public static DateTimeOffset? NextLook(ClusterRow row, ExpiryOptions expiry, DateTimeOffset now)
    {
        var decision = Decide(row, row.LastUsedAt, expiry, now);
        return decision.Act is null ? decision.Next : now;
    }

    /// <summary>When it is to go; <see langword="null"/>: never.</summary>
    public static DateTimeOffset? EndOf(ClusterRow row, ExpiryOptions expiry) =>
        expiry.Enabled && !row.Protected ? row.ExpiresAt : null;

    /// <summary>The shortest warning that is due and has not been given. One that is longer than its life is none.</summary>
    private static TimeSpan? Warning(
        ClusterRow row,
        DateTimeOffset end,
        ExpiryOptions expiry,
        DateTimeOffset now,
        Looks looks
    )
    {
        TimeSpan? due = null;
        foreach (var warning in expiry.Warnings)
        {
            if (warning >= end - row.CreatedAt || warning >= (row.ExpiryWarning ?? TimeSpan.MaxValue))
            {
                continue;
            }

            if (now < end - warning)
            {
                looks.Add(end - warning);
            }
            else if (due is null || warning < due)
            {
                due = warning;
            }
        }

        return due;
    }

    private static TimeAct? Scheduled(ClusterRow row, DateTimeOffset now, Looks looks)
    {
        if (
            row is not { SleepSchedule: { } json, ScheduleSeenAt: { } seen }
            || SleepTimes.Read(json) is not { } schedule
        )
        {
            return null;
        }

        if (seen - now > Ahead)
        {
            // By the minute, so that it is the same when it is decided once more.
            return new TimeAct.Pass(now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMinute)));
        }

        looks.Add(schedule.Next(now));
        if (schedule.Last(seen, now) is not { } last)
        {
            return null;
        }

        switch (row.Phase)
        {
            case ClusterPhase.Running when !last.Wakes:
                return new TimeAct.Sleep(SleepCause.Schedule, "Its schedule says so.", last.At);
            case ClusterPhase.Sleeping when last.Wakes && row.SleepCause is not SleepCause.Asked and not null:
                return new TimeAct.Wake(last.At);
            case ClusterPhase.Running or ClusterPhase.Sleeping or ClusterPhase.Failed:
                // It is as the schedule wants it, or somebody wants it otherwise.
                return new TimeAct.Pass(last.At);
            default:
                looks.Add(now + Soon);
                return null;
        }
    }

    private static TimeAct.Sleep? Idle(ClusterRow row, DateTimeOffset lastUse, DateTimeOffset now, Looks looks)
    {
        if (row is not { SleepAfter: { } after, Phase: ClusterPhase.Running })
        {
            return null;
        }

        if (now < lastUse + after)
        {
            looks.Add(lastUse + after);
            return null;
        }

        return new TimeAct.Sleep(
            SleepCause.Idle,
            $"Nobody has used it since {lastUse:yyyy-MM-dd HH:mm:ss}Z, which is longer than its sleep_after of {DurationText.Format(after)}.",
            null
        );
    }

    private sealed class Looks
    {
        public DateTimeOffset? First { get; private set; }

        public void Add(DateTimeOffset at)
        {
            if (First is null || at < First)
            {
                First = at;
            }
        }
    }
}

/// <param name="Act"><see langword="null"/>: nothing.</param>
/// <param name="Next">When to look again; <see langword="null"/>: not before something changes.</param>
internal sealed record TimeDecision(TimeAct? Act, DateTimeOffset? Next)
{
    public static TimeDecision Nothing { get; } = new(null, null);
}

/// <summary>What time asks for.</summary>
internal abstract record TimeAct
{
    private TimeAct() { }

    public sealed record Expire(DateTimeOffset End) : TimeAct;

    public sealed record Warn(TimeSpan Before) : TimeAct;

    /// <param name="Scheduled">The time of the schedule that this follows.</param>
    public sealed record Sleep(SleepCause Cause, string Why, DateTimeOffset? Scheduled) : TimeAct;

    public sealed record Wake(DateTimeOffset Scheduled) : TimeAct;

    /// <summary>A time of the schedule at which there is nothing to do.</summary>
    public sealed record Pass(DateTimeOffset Scheduled) : TimeAct;
}
