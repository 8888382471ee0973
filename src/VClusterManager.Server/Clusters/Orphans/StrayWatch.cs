using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// Takes back what comes too late: a run of the CLI that outlived its server may install a cluster after its delete has
/// ended. The story: the watch shows a workload with our marks, of a cluster that memory does not know; the database
/// remembers that very cluster as deleted, in that very place, and the workload is younger than the delete; the host,
/// asked again, still shows it, as young as such a run could have left it. Then the delete is opened again, and does what it
/// always does, for all to see. Whatever falls short of that is left alone, and is an orphan to be looked at by people.
/// </summary>
internal sealed partial class StrayWatch(
    HostView view,
    HostReads reads,
    ClusterView clusters,
    StrayDeletes deletes,
    StoreFactory stores,
    Database database,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time,
    ILogger<StrayWatch> logger
) : BackgroundService
{
    /// <summary>What is seen before its row was heard of from another server is looked at again.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<NamespacedName, bool> _seen = [];
    private readonly WakeSignal _woken = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        view.Changed += OnChanged;
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            await view.WaitForSyncAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                var woken = _woken.Next;
                foreach (var key in _seen.IsEmpty ? view.Owners.ToList() : Take())
                {
                    await LookAsync(key, stoppingToken);
                }
                await WakeSignal.WaitAsync(woken, Sweep, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Also where the start has failed: the host would call it an error.
        }
        finally
        {
            view.Changed -= OnChanged;
        }
    }

    private void OnChanged(NamespacedName key)
    {
        if (Suspect(key) is not null)
        {
            _seen[key] = true;
            _woken.Set();
        }
    }

    private List<NamespacedName> Take()
    {
        var keys = _seen.Keys.ToList();
        keys.ForEach(key => _seen.TryRemove(key, out _));
        return keys;
    }

    private async Task LookAsync(NamespacedName key, CancellationToken stopping)
    {
        try
        {
            if (access.IsOpen && Suspect(key) is { } id && await FindAsync(id, key, stopping) is { } gone)
            {
                await LookAsync(key, gone, stopping);
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.Failed(logger, e, key);
        }
    }

    /// <summary>The id of a workload that is ours, and of no cluster that memory knows.</summary>
    private Guid? Suspect(NamespacedName key) =>
        view.Find(key).Workload is { Deleting: false } workload
        && ClusterStamps.InstanceOf(workload.Labels) == options.Server.Instance
        && ClusterStamps.IdOf(workload.Annotations) is { } id
        && clusters.Find(id) is null
            ? id
            : null;

    /// <summary>The host is asked itself: the watch may only be late with the end of what the delete took away.</summary>
    private async Task LookAsync(NamespacedName key, Gone gone, CancellationToken stopping)
    {
        if (
            await reads.LookAsync(key, stopping) is HostAnswer<ObservedCluster>.Found { Value: var seen }
            && seen.Workload is { Deleting: false } workload
            && ClusterStamps.InstanceOf(workload.Labels) == options.Server.Instance
            && ClusterStamps.BelongsTo(workload.Annotations, gone.Id)
            && StrayRules.IsOfLateRun(workload, gone.Asked, gone.Ended, options.VCluster.Timeouts.Command)
        )
        {
            Log.TakesBack(logger, key, gone.Id);
            await deletes.OpenAgainAsync(gone.Id, seen, gone.Asked, stopping);
        }
    }

    private Task<Gone?> FindAsync(Guid id, NamespacedName key, CancellationToken cancellation) =>
        stores.ReadAsync(store =>
            store
                .Clusters.Where(c =>
                    c.Id == id && c.DeletedAt != null && c.Namespace == key.Namespace && c.Name == key.Name
                )
                .SelectMany(
                    c => store.Operations.Where(o => o.ClusterId == c.Id && o.Kind == OperationKind.Delete),
                    (c, o) => new { Asked = o.CreatedAt, Ended = c.DeletedAt!.Value }
                )
                .OrderByDescending(one => one.Asked)
                .Select(one => new Gone(id, one.Asked, one.Ended))
                .FirstOrDefaultAsync(cancellation)
        );

    /// <param name="Asked">When its newest delete was asked for.</param>
    /// <param name="Ended">When there was nothing left of it.</param>
    private sealed record Gone(Guid Id, DateTimeOffset Asked, DateTimeOffset Ended);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The workload {Key} of the deleted cluster {Id} has appeared after its delete: it is taken away"
        )]
        public static partial void TakesBack(ILogger logger, NamespacedName key, Guid id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look at the workload {Key}; looks again")]
        public static partial void Failed(ILogger logger, Exception cause, NamespacedName key);
    }
}
