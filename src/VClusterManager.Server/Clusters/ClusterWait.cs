using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>Waits, for callers who asked for it, until a cluster is where they want it.</summary>
internal sealed class ClusterWait(ClusterView view, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// The newest state once <paramref name="done"/> holds, the time is up or the server stops; null: it is gone.
    /// </summary>
    public async Task<ClusterSnapshot?> ForAsync(
        Guid cluster,
        Func<ClusterSnapshot, bool> done,
        TimeSpan atMost,
        CancellationToken cancellation
    )
    {
        using var time = new CancellationTokenSource(atMost, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, lifetime.ApplicationStopping);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        while (true)
        {
            var next = view.NextChange();
            var now = view.Find(cluster);
            if (now is null || done(now) || limit.IsCancellationRequested)
            {
                return now;
            }
            // The limit is an answer like any other; only a caller who went away ends it with an exception.
            await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Nothing is going on any more.</summary>
    public static bool IsSettled(ClusterSnapshot snapshot) =>
        !snapshot.HasActiveOperation || snapshot.Row.Phase is ClusterPhase.Failed;
}
