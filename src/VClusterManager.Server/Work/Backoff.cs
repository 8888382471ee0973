namespace VClusterManager.Server.Work;

/// <summary>How long to wait after failures in a row.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Doubles with each attempt up to <see cref="Longest"/>, and spreads by a fifth to either side.</summary>
    /// <param name="attempts">Failures in a row, this one included: 1 and up.</param>
    /// <param name="jitter">From 0 to 1; half is no spread.</param>
    public static TimeSpan After(int attempts, double jitter)
    {
        var doublings = Math.Clamp(attempts - 1, 0, 30);
        var pause = Math.Min(First.TotalSeconds * Math.Pow(2, doublings), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(pause * (0.8 + (0.4 * jitter)));
    }
}
