namespace VClusterManager.Server.Kubernetes;

/// <summary>Times that the host wrote. It keeps whole seconds, so a thing seems up to a second older than it is.</summary>
internal static class HostTimes
{
    /// <summary>Whether it can have been made at that moment or after it.</summary>
    public static bool IsSince(DateTimeOffset created, DateTimeOffset moment) =>
        created >= new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
