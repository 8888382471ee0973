using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Does what time asks of a cluster, when it is due. The story: load it, ask <see cref="ClusterTimes"/>, do the one thing
/// that it says through <see cref="TimeIntents"/>, and ask again until there is nothing left but to wait. An end that comes
/// much too late is not seen to here: whatever has made it late (a server that was down, a clock that jumped) may have made
/// many late, and the sweep has a budget.
/// </summary>
internal sealed partial class ClusterClock(
    StoreFactory stores,
    TimeIntents intents,
    PruneGuard guard,
    ManagerOptions options,
    TimeProvider time,
    ILogger<ClusterClock> logger
) : IWorkHandler
{
    /// <summary>
    /// An end that is seen to later than this, by both clocks, is left to the sweep. By ours alone nothing is late: a host
    /// whose clock is behind would leave every end to the sweep.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>How often it is asked whether what stands in the way of an end is gone.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>More things than a cluster can be asked at once: what goes round in circles waits.</summary>
    private const int MostActs = 8;

    public string Kind => WorkKinds.Clock;

    public WorkLane Lane => WorkLane.Brief;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        var id = Guid.Parse(context.Claim.Key);
        for (var acts = 0; acts < MostActs; acts++)
        {
            var (row, lastUse) = await LoadAsync(id, context.Stop);
            if (row is null)
            {
                return WorkOutcome.Done;
            }

            var (now, sure) = (time.GetUtcNow(), guard.Look());
            var isLeft = ClusterTimes.EndOf(row, options.VCluster.Expiry) is { } end && sure.Now - end > Late;
            var decision = ClusterTimes.Decide(row, lastUse, options.VCluster.Expiry, now, isLeft);
            switch (decision.Act)
            {
                case null:
                    return decision.Next is { } next ? WorkOutcome.Again(next - now) : WorkOutcome.Done;
                case TimeAct.Expire expire when sure.WhyNot is not null || sure.Now < expire.End:
                    Log.NotYet(logger, row.Namespace, row.Name, sure.WhyNot ?? "the host's clock does not say so yet");
                    return WorkOutcome.Again(Pause(expire.End, now, sure));
                case TimeAct.Expire:
                    await intents.ExpireAsync(id, sure.Now, context.Stop);
                    break;
                case { } act:
                    await intents.FollowAsync(id, act, lastUse, isLeft, context.Stop);
                    break;
            }
        }

        return WorkOutcome.Again(Blocked);
    }

    /// <summary>
    /// How long to wait until the two clocks agree, or it is known that they do. Many may wait at once when our clock is far
    /// ahead, or the host away for long: they ask seldom.
    /// </summary>
    internal static TimeSpan Pause(DateTimeOffset end, DateTimeOffset now, SureTime sure)
    {
        if (sure.WhyNot is not null)
        {
            return now - end > Late ? Seldom : Blocked;
        }

        var left = end - sure.Now;
        return left < Shortest ? Shortest
            : left > Seldom ? Seldom
            : left;
    }

    private Task<(ClusterRow? Row, DateTimeOffset LastUse)> LoadAsync(Guid id, CancellationToken cancellation) =>
        stores.ReadAsync<(ClusterRow?, DateTimeOffset)>(async store =>
        {
            var row = await store.Clusters.FindAsync([id], cancellation);
            var seen = row?.SleepAfter is null ? null : await store.ClusterActivity.FindAsync([id], cancellation);
            return (row, seen is not null && seen.At > row!.LastUsedAt ? seen.At : row?.LastUsedAt ?? default);
        });

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Debug,
            Message = "Cluster {Namespace}/{Name} has come to its end, and is not taken away yet: {Reason}"
        )]
        public static partial void NotYet(ILogger logger, string @namespace, string name, string reason);
    }
}
