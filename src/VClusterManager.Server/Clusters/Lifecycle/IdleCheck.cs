using VClusterManager.Server.Clusters.Lifecycle.Steps;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// A cluster that nobody works on: its status follows what the host really shows, and our marks on the host follow what
/// callers changed (labels, expiry). Only a host that can be read says anything.
/// </summary>
internal sealed class IdleCheck(
    HostView view,
    HostReads reads,
    HostWrites writes,
    ClusterSaves saves,
    LastWords lastWords,
    ManagerOptions options,
    TimeProvider time
)
{
    /// <summary>A restart takes less: a workload that is unready for longer has failed.</summary>
    private static readonly TimeSpan RestartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    private readonly UnreadyTimes _unready = new(RestartTime, time);

    public async Task<WorkOutcome> RunAsync(WorkContext context, ClusterSnapshot snapshot)
    {
        var row = snapshot.Row;
        var seen = view.Find(snapshot.Key);
        if (row.Desired == DesiredState.Deleted)
        {
            return await StalledDeleteAsync(context, snapshot);
        }
        var stamped = await StampAsync(context, row, seen);
        var shown = What(row, seen);
        if (shown == LifecycleEvent.SeenUnready && !_unready.IsOverdue(row.Id))
        {
            return WorkOutcome.Again(LookAgain);
        }
        if (shown is not LifecycleEvent.SeenUnready)
        {
            _unready.Forget(row.Id);
        }
        if (shown is { } happened && ClusterLifecycle.On(row.Phase, happened, null) is LifecycleMove.Go go)
        {
            return await FollowAsync(context, snapshot, happened, go.Next);
        }
        return stamped ? WorkOutcome.Done : WorkOutcome.Backoff;
    }

    /// <summary>What the host shows of a cluster; <see langword="null"/>: nothing that says anything. Pure.</summary>
    internal static LifecycleEvent? What(ClusterRow row, ObservedCluster seen) =>
        seen.Workload switch
        {
            null => LifecycleEvent.SeenMissing,
            { } workload when !ClusterStamps.BelongsTo(workload, row) => LifecycleEvent.SeenMissing,
            // An upgrade leaves the annotation on a workload that runs: what runs is not asleep.
            { Paused: true, Replicas: 0 } => LifecycleEvent.SeenPaused,
            { } workload when ReadyStep.IsReady(workload) && seen.KubeconfigVersion is not null =>
                LifecycleEvent.SeenReady,
            _ => LifecycleEvent.SeenUnready,
        };

    /// <summary>
    /// Makes the status what the host shows. "Missing" and "paused" are asked again of the host itself: a cache may be late.
    /// </summary>
    private async Task<WorkOutcome> FollowAsync(
        WorkContext context,
        ClusterSnapshot snapshot,
        LifecycleEvent happened,
        ClusterPhase next
    )
    {
        if (happened is LifecycleEvent.SeenMissing or LifecycleEvent.SeenPaused)
        {
            var look = await reads.LookAsync(snapshot.Key, context.Stop);
            if (look is not HostAnswer<ObservedCluster>.Found found || What(snapshot.Row, found.Value) != happened)
            {
                return WorkOutcome.Again(LookAgain);
            }
        }
        var seen = view.Find(snapshot.Key);
        var message = await MessageAsync(happened, seen, context.Stop);
        await saves.SaveAsync(
            context,
            snapshot.Row.Id,
            (store, row, active) =>
            {
                if (active.Count > 0 || row.Phase != snapshot.Row.Phase)
                {
                    return;
                }
                row.Phase = next;
                row.Message = message;
                row.Desired = next switch
                {
                    ClusterPhase.Sleeping => DesiredState.Sleeping,
                    ClusterPhase.Running => DesiredState.Running,
                    _ => row.Desired,
                };
                saves.AddEvent(store, row, happened.ToString()[4..], message.Length == 0 ? $"It is {next}." : message);
            }
        );
        return WorkOutcome.Done;
    }

    private async Task<string> MessageAsync(
        LifecycleEvent happened,
        ObservedCluster seen,
        CancellationToken cancellation
    ) =>
        happened switch
        {
            LifecycleEvent.SeenMissing =>
                "Its workload has disappeared from the host: retry to make it again, or delete it.",
            LifecycleEvent.SeenUnready => Diagnosis.Of(seen).Message + await lastWords.OfAsync(seen, cancellation),
            _ => "",
        };

    /// <summary>True when the marks are as they should be.</summary>
    private async Task<bool> StampAsync(WorkContext context, ClusterRow row, ObservedCluster seen)
    {
        var key = new NamespacedName(row.Namespace, row.Name);
        var stamped = true;
        if (seen.Namespace is { Terminating: false } ns && ClusterStamps.BelongsTo(ns.Annotations, row.Id))
        {
            stamped &= await StampAsync(context, key, null, [], ClusterStamps.Missing(row, ns.Annotations));
        }
        if (ClusterStamps.WorkloadOf(row, seen) is { Deleting: false } workload)
        {
            stamped &= await StampAsync(
                context,
                key,
                workload.Kind,
                workload.Labels.ContainsKey(ClusterStamps.InstanceLabel)
                    ? []
                    : new() { [ClusterStamps.InstanceLabel] = options.Server.Instance },
                ClusterStamps.Missing(row, workload.Annotations)
            );
        }
        return stamped;
    }

    private async Task<bool> StampAsync(
        WorkContext context,
        NamespacedName key,
        WorkloadKind? workload,
        Dictionary<string, string?> labels,
        Dictionary<string, string?> annotations
    ) =>
        labels.Count + annotations.Count == 0
        || await writes.StampAsync(key, workload, labels, annotations, context.Stop) is HostWrite.Done;

    /// <summary>A delete that was given up: when what held it is gone after all, so is the cluster.</summary>
    private async Task<WorkOutcome> StalledDeleteAsync(WorkContext context, ClusterSnapshot snapshot)
    {
        var row = snapshot.Row;
        if (
            ClusterLifecycle.On(row.Phase, LifecycleEvent.SeenGone, null) is not LifecycleMove.Go go
            || !await IsGoneAsync(snapshot, context.Stop)
        )
        {
            return WorkOutcome.Again(LongPause);
        }
        await saves.SaveAsync(
            context,
            row.Id,
            (store, current, active) =>
            {
                if (active.Count > 0)
                {
                    return;
                }
                current.Phase = go.Next;
                current.Message = "";
                current.DeletedAt = time.GetUtcNow();
                saves.AddEvent(store, current, "Gone", "What held the delete is gone, and so is the cluster.");
            }
        );
        return WorkOutcome.Done;
    }

    /// <summary>No trace is left, and no namespace of its own; anything that cannot be read means no.</summary>
    private async Task<bool> IsGoneAsync(ClusterSnapshot snapshot, CancellationToken cancellation)
    {
        if (
            await reads.LookAsync(snapshot.Key, cancellation)
                is not HostAnswer<ObservedCluster>.Found { Value: var seen }
            || seen.Workload is not null
            || seen.Releases.Count > 0
            || Ownership.IsHome(snapshot.Row, seen)
        )
        {
            return false;
        }
        return await reads.TracesAsync(snapshot.Key, cancellation) switch
        {
            HostAnswer<IReadOnlyList<HostTrace>>.Found found => found.Value.All(t =>
                snapshot.Row.KeepVolumes && t.Kind == "PersistentVolumeClaim"
            ),
            HostAnswer<IReadOnlyList<HostTrace>>.Missing => true,
            _ => false,
        };
    }
}
