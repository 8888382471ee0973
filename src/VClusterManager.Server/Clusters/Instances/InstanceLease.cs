using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Instances;

/// <summary>
/// One look at the lease that says which database looks after this instance on this host, and what follows from it.
/// </summary>
internal sealed partial class InstanceLease(
    HostLeases leases,
    Database database,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time,
    ILogger<InstanceLease> logger
)
{
    private string _version = "";
    private long _versionSeen;
    private string _told = "";

    public NamespacedName Key { get; } =
        new(options.Kubernetes.LeaseNamespace, $"vcluster-manager-{options.Server.Instance}");

    public TimeSpan Duration => options.Kubernetes.LeaseDuration;

    private string Own => database.Id.ToString();

    /// <summary>Takes, renews or waits. Held: for how long from now; <see langword="null"/>: it is not ours, or nobody knows.</summary>
    public async Task<TimeSpan?> LookAsync(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        switch (await leases.ReadAsync(Key, cancellation))
        {
            case HostAnswer<HostLease>.Found { Value: var lease }:
                return await ActAsync(lease, asked, cancellation);
            case HostAnswer<HostLease>.Missing:
                return await ActAsync(null, asked, cancellation);
            case HostAnswer<HostLease>.Unreadable unreadable:
                Unknown(unreadable.Reason, unreadable.Forbidden);
                return null;
            default:
                throw new InvalidOperationException("An answer without a meaning.");
        }
    }

    /// <summary>Gives it back, so that another database need not wait.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (
            await leases.ReadAsync(Key, cancellation) is HostAnswer<HostLease>.Found { Value: var lease }
            && lease.Holder == Own
        )
        {
            var given = lease with { Holder = "", RenewedAt = time.GetUtcNow() };
            await leases.WriteAsync(Key, given, ClusterStamps.Labels(options.Server.Instance), cancellation);
        }
    }

    private async Task<TimeSpan?> ActAsync(HostLease? lease, long asked, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        switch (LeaseDecision.On(lease, Own, Unchanged(lease)))
        {
            case LeaseMove.Wait wait:
                Anothers(lease!, wait.Left);
                return null;
            case LeaseMove.Renew:
                return await WriteAsync(lease! with { Duration = Duration, RenewedAt = now }, asked, cancellation);
            default:
                var taken = new HostLease(
                    Own,
                    Duration,
                    now,
                    now,
                    lease is null ? 0 : lease.Transitions + 1,
                    lease?.Version ?? ""
                );
                return await WriteAsync(taken, asked, cancellation);
        }
    }

    /// <summary>For how long this version has been seen; a new one begins now.</summary>
    private TimeSpan Unchanged(HostLease? lease)
    {
        if (_version != (lease?.Version ?? ""))
        {
            _version = lease?.Version ?? "";
            _versionSeen = time.GetTimestamp();
        }
        return time.GetElapsedTime(_versionSeen);
    }

    private async Task<TimeSpan?> WriteAsync(HostLease lease, long asked, CancellationToken cancellation)
    {
        var labels = ClusterStamps.Labels(options.Server.Instance);
        switch (await leases.WriteAsync(Key, lease, labels, cancellation))
        {
            case HostWrite.Done:
                Tell("");
                return LeaseDecision.Safe(Duration) - time.GetElapsedTime(asked);
            // Another server, of this database or of another one: the next look will tell.
            case HostWrite.Conflict:
            case HostWrite.Missing when lease.Version.Length > 0:
                return null;
            case HostWrite.Missing:
                Unknown($"there is no namespace {Key.Namespace} (kubernetes.lease_namespace)", refused: true);
                return null;
            case HostWrite.Refused refused:
                Unknown(refused.Reason, refused: true);
                return null;
            case HostWrite.Unreachable away:
                Unknown(away.Reason, refused: false);
                return null;
            default:
                throw new InvalidOperationException("A write without a meaning.");
        }
    }

    private void Anothers(HostLease lease, TimeSpan left)
    {
        var why =
            $"Another database ({lease.Holder}) has looked after the instance '{options.Server.Instance}' on this host since "
            + $"{lease.AcquiredAt:yyyy-MM-dd HH:mm:ss}Z: this server (database {Own}) changes nothing. Two managers on one host need "
            + $"names of their own (server.instance). If that database is lost, wait: its lease {Key} runs out "
            + $"{lease.Duration.TotalSeconds:0} s after it was last renewed, and this server takes in what is on the host.";
        access.Close(why, isAnothers: true);
        if (Tell(why))
        {
            Log.Anothers(logger, why, left.TotalSeconds);
        }
    }

    /// <summary>Unknown is not false: who holds it goes on until it may have run out; who does not waits.</summary>
    /// <param name="refused">The host has answered: waiting will not help.</param>
    private void Unknown(string reason, bool refused)
    {
        var why =
            $"Whether this server may look after this host is not known: the lease {Key} cannot be had: {reason}"
            + (refused ? " Give the manager the rights get, create and update on leases in that namespace." : "");
        if (!access.IsOpen)
        {
            access.Doubt(why, settled: refused);
        }
        if (Tell(why))
        {
            Log.Unknown(logger, why);
        }
    }

    /// <summary>True: it was not said before.</summary>
    private bool Tell(string what)
    {
        var isNew = _told != what;
        _told = what;
        return isNew && what.Length > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Why} (It can run out in {Left:0} s.)")]
        public static partial void Anothers(ILogger logger, string why, double left);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Why}")]
        public static partial void Unknown(ILogger logger, string why);
    }
}
