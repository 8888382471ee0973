using System.Threading.Channels;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Turns what the watches show into work: a change of a cluster's objects means "look again", where looking could change
/// anything. The memory is loaded here first, and read again now and then, so that a missed event is only late.
/// </summary>
internal sealed partial class HostChanges(
    HostView view,
    ClusterView clusters,
    CliSlots slots,
    StoreFactory stores,
    WorkQueue queue,
    Database database,
    WriteAccess access,
    TimeProvider time,
    ILogger<HostChanges> logger
) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private readonly Channel<Guid?> _waiting = Channel.CreateUnbounded<Guid?>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        view.Changed += OnChanged;
        view.FreshnessChanged += OnAllChanged;
        slots.Called += OnCalled;
        access.Changed += OnAllChanged;
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await TurnAsync(stoppingToken);
            }
        }
        finally
        {
            view.Changed -= OnChanged;
            view.FreshnessChanged -= OnAllChanged;
            slots.Called -= OnCalled;
            access.Changed -= OnAllChanged;
        }
    }

    /// <summary>One turn: a sweep over everything, then single changes until the next sweep is due.</summary>
    private async Task TurnAsync(CancellationToken stopping)
    {
        try
        {
            await clusters.ReloadAsync(stopping);
            await EnqueueAsync([.. clusters.All.Where(NeedsLook).Select(c => c.Row.Id)], stopping);
            using var sweep = new CancellationTokenSource(Sweep, time);
            using var due = CancellationTokenSource.CreateLinkedTokenSource(stopping, sweep.Token);
            while (await _waiting.Reader.WaitToReadAsync(due.Token))
            {
                if (!await DrainAsync(stopping))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Time for the next sweep, or the end.
        }
        catch (Exception e)
        {
            Log.TurnFailed(logger, e);
            await Task.Delay(TimeSpan.FromSeconds(2), time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False: everything should be looked at again.</summary>
    private async Task<bool> DrainAsync(CancellationToken stopping)
    {
        var ids = new HashSet<Guid>();
        var all = false;
        while (_waiting.Reader.TryRead(out var id))
        {
            all |= id is null;
            if (id is { } one)
            {
                ids.Add(one);
            }
        }
        await EnqueueAsync(ids, stopping);
        return !all;
    }

    private async Task EnqueueAsync(IReadOnlyCollection<Guid> ids, CancellationToken stopping)
    {
        // A server that may change nothing leaves no traces in the database either.
        if (ids.Count == 0 || !access.IsOpen)
        {
            return;
        }
        await stores.TransactAsync(
            async store =>
            {
                // In one order everywhere: two that enqueue the same items must not wait for each other.
                foreach (var id in ids.Order())
                {
                    await queue.EnqueueAsync(
                        store,
                        WorkKinds.Cluster,
                        id.ToString(),
                        time.GetUtcNow(),
                        cancellation: stopping
                    );
                }
                return ids.Count;
            },
            stopping
        );
        queue.Wake();
    }

    /// <summary>Looking again could change something.</summary>
    internal bool NeedsLook(ClusterSnapshot cluster)
    {
        if (cluster.HasActiveOperation)
        {
            return true;
        }
        if (!view.Freshness.Synced || view.Freshness.Stale || cluster.Row.Desired == DesiredState.Deleted)
        {
            return false;
        }
        var seen = view.Find(cluster.Key);
        var shown = IdleCheck.What(cluster.Row, seen);
        return shown is { } happened && ClusterLifecycle.On(cluster.Row.Phase, happened, null) is LifecycleMove.Go
            || MarksDiffer(cluster.Row, seen);
    }

    private static bool MarksDiffer(ClusterRow row, ObservedCluster seen) =>
        (
            seen.Namespace is { } ns
            && ClusterStamps.BelongsTo(ns.Annotations, row.Id)
            && ClusterStamps.Missing(row, ns.Annotations).Count > 0
        )
        || (
            ClusterStamps.WorkloadOf(row, seen) is { } workload
            && ClusterStamps.Missing(row, workload.Annotations).Count > 0
        );

    private void OnChanged(NamespacedName key)
    {
        if (clusters.Find(key) is { } cluster && NeedsLook(cluster))
        {
            _waiting.Writer.TryWrite(cluster.Row.Id);
        }
    }

    private void OnAllChanged() => _waiting.Writer.TryWrite(null);

    private void OnCalled(Guid cluster) => _waiting.Writer.TryWrite(cluster);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not follow the host's changes; tries again")]
        public static partial void TurnFailed(ILogger logger, Exception cause);
    }
}
