using System.Text.Json;
using VClusterManager.Contracts;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>Tells those who follow what goes on: every commit about a cluster is an event, and so is its operation's.</summary>
internal static class ClusterFeed
{
    public const string ClusterType = "cluster";
    public const string OperationType = "operation";

    /// <summary>What is stored is certain: the host's freshness is no part of it.</summary>
    private static readonly HostFreshness Certain = new(Synced: true, Stale: false, TimeSpan.Zero, Problem: null);

    /// <param name="operations">Those that this commit has begun, moved or ended.</param>
    public static void Add(
        Store store,
        ClusterSnapshot cluster,
        ClusterEventKind change,
        IEnumerable<OperationRow> operations,
        DateTimeOffset now
    )
    {
        foreach (var operation in operations)
        {
            Add(store, cluster.Row, OperationType, OperationProjection.Of(operation, queuePosition: null), now);
        }
        Add(store, cluster.Row, ClusterType, Event(cluster, change), now);
    }

    private static ClusterEvent Event(ClusterSnapshot cluster, ClusterEventKind change)
    {
        var row = cluster.Row;
        return new ClusterEvent(
            change,
            row.Id.ToString(),
            row.Name,
            row.Namespace,
            ClusterProjection.Status(row.Phase, Certain),
            row.Message,
            row.Generation,
            row.ObservedGeneration,
            row.ExpiresAt,
            cluster.HasActiveOperation ? ClusterProjection.Operation(cluster.Operation!) : null
        );
    }

    private static void Add<T>(Store store, ClusterRow row, string type, T data, DateTimeOffset now) =>
        store.Feed.Add(
            new FeedRow
            {
                Id = FeedNumbers.Provisional(),
                At = now,
                Type = type,
                ClusterId = row.Id,
                Namespace = row.Namespace,
                Name = row.Name,
                Owner = row.Owner,
                Data = JsonSerializer.Serialize(data, ApiJson.Options),
            }
        );
}
