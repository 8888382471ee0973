using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Instances;

/// <summary>
/// Lets a database that has never known a cluster take in those of its instance that are on the host: the one before it
/// was lost. The story: look at the marks of all workloads and read the values from their releases; then, in one
/// transaction, note that it was done and store the rows, so that it happens once however many servers start together.
/// A database that knows clusters, or has been asked before, takes in nothing: what it does not know are orphans.
/// </summary>
internal sealed partial class Rebuild(
    HostView view,
    HostReads reads,
    StoreFactory stores,
    WorkQueue queue,
    ClusterView clusters,
    ManagerOptions options,
    TimeProvider time,
    ILogger<Rebuild> logger
)
{
    private const string Setting = "host_taken_in";

    /// <summary>A release that cannot be read, while the host can: the cluster is left to people after so many looks.</summary>
    private const int Tries = 20;

    private const string Story = "Taken in from its marks on the host: the database that knew it was lost.";

    private int _tries;

    /// <summary>True: it is done, or there was nothing to do. False: try again.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (await stores.ReadAsync(store => store.Settings.AnyAsync(s => s.Name == Setting, cancellation)))
        {
            return true;
        }
        var found = view.Workloads()
            .Where(seen => seen.Workload is { Deleting: false } w && IsOurs(w))
            .OrderBy(seen => seen.Workload!.CreatedAt)
            .ToList();
        var (rows, unreadable) = await ReadAsync(found, cancellation);
        if (unreadable is not null && ++_tries < Tries)
        {
            Log.NotYet(logger, unreadable);
            return false;
        }
        var taken = await stores.TransactAsync(store => StoreAsync(store, rows, cancellation), cancellation);
        foreach (var cluster in taken)
        {
            clusters.Publish(cluster);
        }
        if (taken.Count > 0)
        {
            Log.Rebuilt(logger, taken.Count, string.Join(", ", taken.Select(c => c.Key)));
            queue.Wake();
        }
        return true;
    }

    private bool IsOurs(ObservedWorkload workload) =>
        ClusterStamps.InstanceOf(workload.Labels) == options.Server.Instance;

    /// <summary>The rows, and why one of them could not be made.</summary>
    private async Task<(List<ClusterRow> Rows, string? Unreadable)> ReadAsync(
        List<ObservedCluster> found,
        CancellationToken cancellation
    )
    {
        List<ClusterRow> rows = [];
        string? unreadable = null;
        foreach (var seen in found)
        {
            var release = seen.Releases is [var newest, ..]
                ? await reads.ReleaseAsync(seen.Key, newest, cancellation)
                : new HostAnswer<HelmReleaseContent>.Missing();
            if (release is HostAnswer<HelmReleaseContent>.Found { Value: var content })
            {
                var own = ReleaseStamps.OwnValues(content.Values, options.VCluster.Values);
                rows.Add(RebuiltRow.Of(seen, own, time.GetUtcNow()));
                continue;
            }
            unreadable ??= release is HostAnswer<HelmReleaseContent>.Unreadable { Garbled: false } away
                ? $"{seen.Key}: {away.Reason}"
                : null;
            Log.Left(logger, seen.Key);
        }
        return (Distinct(rows), unreadable);
    }

    /// <summary>A copy of another cluster, or a second one in a namespace, is left to people.</summary>
    private static List<ClusterRow> Distinct(List<ClusterRow> rows) =>
        [.. rows.DistinctBy(row => row.Id).DistinctBy(row => row.Namespace).OrderBy(row => row.Id)];

    private async Task<IReadOnlyList<ClusterSnapshot>> StoreAsync(
        Store store,
        List<ClusterRow> rows,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var isFirst = await store.Database.ExecuteSqlAsync(
            $"INSERT INTO settings (name, value) VALUES ({Setting}, {now.ToString("u")}) ON CONFLICT DO NOTHING",
            cancellation
        );
        if (isFirst == 0 || await store.Clusters.AnyAsync(cancellation))
        {
            return [];
        }
        foreach (var row in rows)
        {
            var key = row.Id.ToString();
            await queue.EnqueueAsync(store, WorkKinds.Cluster, key, now, cancellation: cancellation);
            await queue.EnqueueClockAsync(store, row, options.VCluster.Expiry, now, cancellation);
        }
        List<ClusterSnapshot> taken = [.. rows.Select(row => new ClusterSnapshot(row, null))];
        store.Clusters.AddRange(rows);
        store.ClusterEvents.AddRange(rows.Select(row => Intent.EventOf(row, "Rebuilt", Story, Principal.System, now)));
        taken.ForEach(cluster => ClusterFeed.Add(store, cluster, ClusterEventKind.Created, [], now));
        return taken;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The database is new and the host is not: {Count} clusters of this instance were taken in ({Which})"
        )]
        public static partial void Rebuilt(ILogger logger, int count, string which);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The database is new and the host is not; clusters of this instance cannot be taken in yet: {Reason}"
        )]
        public static partial void NotYet(ILogger logger, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The release of {Key} cannot be read: without it the cluster is not taken in"
        )]
        public static partial void Left(ILogger logger, NamespacedName key);
    }
}
