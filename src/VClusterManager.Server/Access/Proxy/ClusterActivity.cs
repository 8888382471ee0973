using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// When somebody last did something in a cluster through the proxy, by the minute. A watch is nothing that somebody does:
/// a program that looks on for weeks would keep a cluster awake that nobody uses. A session is, for as long as it is open.
/// </summary>
internal sealed class ClusterActivity(TimeProvider time) : BackgroundService
{
    /// <summary>More often than anything is put to sleep for being idle.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, int> _open = [];

    public LastUse Use { get; } = new(SaveAsync, isPressing: true);

    /// <summary>Counts a call as a use now and, when it goes on, until the answer is disposed of.</summary>
    public IDisposable? Begin(Guid cluster, KubernetesCall call)
    {
        if (call.Verb == "watch")
        {
            return null;
        }

        Use.Saw(cluster, time.GetUtcNow());
        if (!call.GoesOn)
        {
            return null;
        }

        _open.AddOrUpdate(cluster, 1, (_, count) => count + 1);
        return new Session(this, cluster);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken);
            foreach (var (cluster, _) in _open)
            {
                Use.Saw(cluster, time.GetUtcNow());
            }
        }
    }

    private void End(Guid cluster)
    {
        Use.Saw(cluster, time.GetUtcNow());
        if (_open.AddOrUpdate(cluster, 0, (_, count) => count - 1) <= 0)
        {
            // Unless another one was opened just now.
            _open.TryRemove(KeyValuePair.Create(cluster, 0));
        }
    }

    /// <summary>A cluster whose row is gone is not written about.</summary>
    private static async Task SaveAsync(Store store, Guid cluster, DateTimeOffset at, CancellationToken cancellation)
    {
        var updated = await store
            .ClusterActivity.Where(row => row.ClusterId == cluster)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.At, r => r.At < at ? at : r.At), cancellation);
        if (updated == 0 && await store.Clusters.AnyAsync(row => row.Id == cluster, cancellation))
        {
            await store.Database.ExecuteSqlAsync(
                $"INSERT INTO cluster_activity (cluster_id, at) VALUES ({cluster}, {at.UtcTicks}) ON CONFLICT (cluster_id) DO NOTHING",
                cancellation
            );
        }
    }

    private sealed class Session(ClusterActivity activity, Guid cluster) : IDisposable
    {
        public void Dispose() => activity.End(cluster);
    }
}
