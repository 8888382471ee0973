using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>What callers may say of sleep, and what it means. Pure.</summary>
internal static class SleepRules
{
    public const string Never = "never";

    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <returns><see langword="null"/>: never.</returns>
    public static TimeSpan? After(string? asked, TimeSpan? fallback, FieldErrors errors)
    {
        if (asked is null)
        {
            return fallback;
        }

        if (asked == Never)
        {
            return null;
        }

        if (DurationText.TryParse(asked, out var after) && after >= Shortest && after <= Longest)
        {
            return after;
        }

        errors.Add("sleep_after", "must be a duration such as 2h or 1h30m, from 5m to 30d, or never");
        return null;
    }

    /// <returns><see langword="null"/>: never.</returns>
    public static SleepTimes? Schedule(SleepSchedule? asked, SleepTimes? fallback, FieldErrors errors)
    {
        if (asked is null)
        {
            return fallback;
        }

        if (asked.Sleep == Never)
        {
            return null;
        }

        if (asked.Sleep is null)
        {
            errors.Add("sleep_schedule", "needs sleep: a cron expression, or never");
            return null;
        }

        if (SleepTimes.TryParse(asked.Sleep, asked.Wake, asked.TimeZone, out var times, out var wrong))
        {
            return times;
        }

        errors.Add($"sleep_schedule.{wrong.Part}", wrong.Why);
        return null;
    }

    /// <summary>A merge patch over the schedule that there is, as the caller would have written it whole.</summary>
    public static SleepSchedule Merged(string? current, JsonObject patch)
    {
        var whole = current is null ? [] : JsonNode.Parse(current)!.AsObject();
        return VClusterValues.Merge(whole, patch).Deserialize<SleepSchedule>(ApiJson.Options)!;
    }

    public static SleepSchedule? Show(ClusterRow row) =>
        row.SleepSchedule is { } json ? JsonSerializer.Deserialize<SleepSchedule>(json, ApiJson.Options) : null;

    public static void Set(ClusterRow row, SleepTimes? times, DateTimeOffset now)
    {
        var json = times?.ToJson();
        if (json != row.SleepSchedule)
        {
            // What lies behind is not caught up with.
            (row.SleepSchedule, row.ScheduleSeenAt) = (json, times is null ? null : now);
        }
    }
}
