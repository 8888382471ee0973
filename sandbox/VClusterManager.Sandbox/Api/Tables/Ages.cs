using System.Globalization;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Times as people read them in tables: <c>5s</c>, <c>3m20s</c>, <c>4h</c>, <c>12d</c>.</summary>
internal static class Ages
{
    public static string Since(string? time, DateTimeOffset now) =>
        Timestamps.Parse(time) is { } then ? Text(now - then) : "<unknown>";

    public static string Text(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 60 * 2)
        {
            return Invariant($"{Math.Max(0, seconds)}s");
        }

        return MinutesText(seconds / 60, seconds % 60, seconds);
    }

    private static string MinutesText(long minutes, long seconds, long all)
    {
        if (minutes < 10)
        {
            return seconds == 0 ? Invariant($"{minutes}m") : Invariant($"{minutes}m{seconds}s");
        }

        if (minutes < 60 * 3)
        {
            return Invariant($"{minutes}m");
        }

        var hours = all / 3600;
        if (hours < 8)
        {
            return minutes % 60 == 0 ? Invariant($"{hours}h") : Invariant($"{hours}h{minutes % 60}m");
        }

        if (hours < 48)
        {
            return Invariant($"{hours}h");
        }

        if (hours < 24 * 8)
        {
            return hours % 24 == 0 ? Invariant($"{hours / 24}d") : Invariant($"{hours / 24}d{hours % 24}h");
        }

        var days = hours / 24;
        return days < 365 * 2 ? Invariant($"{days}d")
            : days < 365 * 8
                ? days % 365 == 0 ? Invariant($"{days / 365}y")
                    : Invariant($"{days / 365}y{days % 365}d")
            : Invariant($"{days / 365}y");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
