using System.Collections.Concurrent;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;
using OperationKind = VClusterManager.Server.Storage.OperationKind;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// Wakes a cluster that sleeps for the request that has come for it, and holds the request until it runs; what takes longer
/// is told to come back, with words about how far it is. kubectl and client-go come back by themselves. A watch wakes
/// nobody: whatever looks on all the time would have no cluster sleep at all.
/// </summary>
internal sealed class SleepingClusters(
    ClusterView view,
    ClusterRequests requests,
    AccessOptions options,
    TimeProvider time
)
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WatchAgain = TimeSpan.FromSeconds(30);

    // However many come at once, one of them asks.
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Outcome<Accepted>>>> _asked = [];

    /// <summary>It sleeps, is on its way to sleep, or is being woken.</summary>
    public static bool IsAsleep(ClusterSnapshot cluster) =>
        cluster.Row.Phase is ClusterPhase.Sleeping or ClusterPhase.Waking
        || (cluster.Row.Phase == ClusterPhase.Updating && cluster.Operation?.Kind == OperationKind.Pause);

    public async Task<Outcome<ClusterRow>> WakeAsync(
        ClusterSnapshot asleep,
        KubernetesCall call,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (call.Verb == "watch")
        {
            // Client-go lists anew after any other refusal of a watch, and a list would wake it.
            return Asleep(
                asleep,
                "a watch does not wake it, any other request does",
                WatchAgain,
                ProblemKind.TooManyRequests
            );
        }

        var begun = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = view.NextChange();
            if (view.Find(asleep.Row.Id) is not { } cluster)
            {
                return new Problem(ProblemKind.NotFound, $"Cluster {asleep.Key} is gone.");
            }

            if (!IsAsleep(cluster))
            {
                return cluster.Row;
            }

            if (cluster.Row.Phase == ClusterPhase.Sleeping && await RefusedAsync(cluster, who) is { } no)
            {
                return no;
            }

            var left = options.WakeTimeout - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return Asleep(cluster, "it is being woken", ComeBack);
            }

            await WakeSignal.WaitAsync(changed, left, time, cancellation);
        }
    }

    /// <summary>Asks for it to be woken. Somebody else may have been faster: then there is nothing to say.</summary>
    private async Task<Problem?> RefusedAsync(ClusterSnapshot cluster, Principal who)
    {
        var asked = _asked.GetOrAdd(cluster.Row.Id, _ => new(() => AskAsync(cluster.Row, who)));
        return (await asked.Value).Problem is { Kind: not ProblemKind.Conflict } refused ? refused : null;
    }

    /// <summary>For all who wait for it, so it does not end with the one who came first.</summary>
    private async Task<Outcome<Accepted>> AskAsync(ClusterRow cluster, Principal who)
    {
        try
        {
            var which = new ClusterReference(cluster.Name, cluster.Namespace);
            return await requests.ResumeAsync(which, who, CancellationToken.None);
        }
        finally
        {
            _asked.TryRemove(cluster.Id, out _);
        }
    }

    private static Problem Asleep(
        ClusterSnapshot cluster,
        string why,
        TimeSpan again,
        ProblemKind kind = ProblemKind.Unavailable
    )
    {
        var step = cluster.Operation is { Steps: [.., var last] } ? $", at {last.Name}" : "";
        return new Problem(kind, $"Cluster {cluster.Key} is {cluster.Row.Phase}{step}: {why}. Try again in a moment.")
        {
            RetryAfter = again,
        };
    }
}
