namespace VCluster.StandIn.Verbs;

/// <summary>An age as kubectl writes it: two units at most, and coarser the longer it is.</summary>
internal static class HumanDuration
{
    public static string Text(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        return age switch
        {
            _ when seconds < 120 => $"{Math.Max(seconds, 0)}s",
            _ when seconds < 600 => Two(seconds / 60, "m", seconds % 60, "s"),
            { TotalHours: < 3 } => $"{seconds / 60}m",
            { TotalHours: < 8 } => Two(seconds / 3600, "h", seconds / 60 % 60, "m"),
            { TotalHours: < 48 } => $"{seconds / 3600}h",
            { TotalDays: < 8 } => Two(seconds / 86400, "d", seconds / 3600 % 24, "h"),
            { TotalDays: < 730 } => $"{seconds / 86400}d",
            { TotalDays: < 2920 } => Two(seconds / 31536000, "y", seconds / 86400 % 365, "d"),
            _ => $"{seconds / 31536000}y",
        };
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
