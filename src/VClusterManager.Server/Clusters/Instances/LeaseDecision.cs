using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Instances;

/// <summary>
/// Who may look after the host, decided purely from the lease that is on it. The holder is a database: all its servers
/// hold it together, and any of them renews.
/// <code>
///   none, or given back      take it
///   ours                     renew it
///   another database's       wait; take it when it was seen unchanged for as long as it holds
/// </code>
/// How long it was seen unchanged is counted by the own clock from the first look on: clocks of others prove nothing.
/// </summary>
internal static class LeaseDecision
{
    /// <summary>One that says nothing itself, made by hand, holds this long.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(60);

    /// <summary>How often it is renewed.</summary>
    public static TimeSpan Renewal(TimeSpan duration) => duration / 6;

    /// <summary>
    /// How long its holder may go on from the moment before it was renewed: it stops well before anybody else may begin,
    /// longer than a tool takes to end.
    /// </summary>
    public static TimeSpan Safe(TimeSpan duration) => duration * 3 / 4;

    /// <param name="unchanged">For how long this version of the lease has been seen.</param>
    public static LeaseMove On(HostLease? lease, string own, TimeSpan unchanged) =>
        lease switch
        {
            null or { Holder: "" } => new LeaseMove.Take(),
            _ when lease.Holder == own => new LeaseMove.Renew(),
            _ when Left(lease, unchanged) is var left && left > TimeSpan.Zero => new LeaseMove.Wait(left),
            _ => new LeaseMove.Take(),
        };

    private static TimeSpan Left(HostLease lease, TimeSpan unchanged) =>
        (lease.Duration > TimeSpan.Zero ? lease.Duration : DefaultDuration) - unchanged;
}

/// <summary>What is to be done about the lease.</summary>
internal abstract record LeaseMove
{
    private LeaseMove() { }

    public sealed record Take : LeaseMove;

    public sealed record Renew : LeaseMove;

    /// <summary>Another database holds it.</summary>
    /// <param name="Left">Until it may be taken, if it is not renewed.</param>
    public sealed record Wait(TimeSpan Left) : LeaseMove;
}
