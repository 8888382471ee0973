using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// The lifecycle of a virtual cluster, decided purely: phase x event -> what to do.
/// <code>
///   create        Pending -> Provisioning -> Running
///   update        Running | Failed -> Updating -> Running
///   pause         Running | Failed -> Updating -> Sleeping
///   resume        Sleeping -> Waking -> Running
///   delete        any -> Deleting -> Deleted        (cancels whatever else goes on)
///   retry         Failed -> the phase of the operation that failed
///   a failure     any working phase -> Failed       (and back to Running when the host shows it ready after all)
/// </code>
/// Three kinds of event come in: what people ask, what the work reports, and what the host shows while nobody works.
/// </summary>
internal static class ClusterLifecycle
{
    public static LifecycleMove On(ClusterPhase phase, LifecycleEvent happened, OperationKind? lastOperation) =>
        happened switch
        {
            LifecycleEvent.EditAsked => OnEdit(phase),
            LifecycleEvent.UpdateAsked => OnUpdate(phase, lastOperation),
            LifecycleEvent.PauseAsked => OnPause(phase),
            LifecycleEvent.ResumeAsked => OnResume(phase),
            LifecycleEvent.DeleteAsked => OnDelete(phase),
            LifecycleEvent.RetryAsked => OnRetry(phase, lastOperation),
            LifecycleEvent.CancelAsked => OnCancel(phase, lastOperation),
            LifecycleEvent.WorkStarted => phase == ClusterPhase.Pending ? Go(ClusterPhase.Provisioning) : Stay,
            LifecycleEvent.WorkSucceeded => OnSuccess(phase, lastOperation),
            LifecycleEvent.WorkFailed or LifecycleEvent.WorkCancelled => OnFailure(phase),
            _ => OnSeen(phase, happened),
        };

    /// <summary>Labels, time to live, protection: the host's workload is not touched.</summary>
    private static LifecycleMove OnEdit(ClusterPhase phase) =>
        phase is ClusterPhase.Deleting or ClusterPhase.Deleted ? RefuseGoing : Stay;

    private static LifecycleMove OnUpdate(ClusterPhase phase, OperationKind? running) =>
        phase switch
        {
            ClusterPhase.Updating when running == OperationKind.Pause => Refuse(
                "it is going to sleep: an upgrade would wake it half"
            ),
            // The create has not begun: it will take the newest values along.
            ClusterPhase.Pending => Stay,
            ClusterPhase.Sleeping => Refuse("it sleeps: resume it first, an upgrade would wake it half"),
            ClusterPhase.Deleting or ClusterPhase.Deleted => RefuseGoing,
            ClusterPhase.Provisioning or ClusterPhase.Waking => Start(phase, OperationKind.Update),
            _ => Start(ClusterPhase.Updating, OperationKind.Update),
        };

    private static LifecycleMove OnPause(ClusterPhase phase) =>
        phase switch
        {
            ClusterPhase.Running or ClusterPhase.Failed => Start(ClusterPhase.Updating, OperationKind.Pause),
            ClusterPhase.Sleeping => Stay,
            ClusterPhase.Deleting or ClusterPhase.Deleted => RefuseGoing,
            _ => Refuse($"it is {phase}: it can be paused once it is Running"),
        };

    private static LifecycleMove OnResume(ClusterPhase phase) =>
        phase switch
        {
            ClusterPhase.Sleeping => Start(ClusterPhase.Waking, OperationKind.Resume),
            ClusterPhase.Running or ClusterPhase.Waking => Stay,
            ClusterPhase.Failed => Refuse("it is Failed: use retry"),
            ClusterPhase.Deleting or ClusterPhase.Deleted => RefuseGoing,
            _ => Refuse($"it is {phase}: only a Sleeping cluster can be resumed"),
        };

    private static LifecycleMove OnDelete(ClusterPhase phase) =>
        phase is ClusterPhase.Deleting or ClusterPhase.Deleted
            ? Stay
            : Start(ClusterPhase.Deleting, OperationKind.Delete);

    private static LifecycleMove OnRetry(ClusterPhase phase, OperationKind? last) =>
        phase switch
        {
            ClusterPhase.Failed => last switch
            {
                OperationKind.Create => Start(ClusterPhase.Pending, OperationKind.Create),
                OperationKind.Pause => Start(ClusterPhase.Updating, OperationKind.Pause),
                OperationKind.Resume => Start(ClusterPhase.Waking, OperationKind.Resume),
                OperationKind.Delete => Start(ClusterPhase.Deleting, OperationKind.Delete),
                // Nothing failed that could be repeated: bring the host to what is wanted.
                _ => Start(ClusterPhase.Updating, OperationKind.Update),
            },
            ClusterPhase.Deleting or ClusterPhase.Deleted => RefuseGoing,
            _ => Refuse($"it is {phase}: only a Failed cluster can be tried again"),
        };

    private static LifecycleMove OnCancel(ClusterPhase phase, OperationKind? running) =>
        phase switch
        {
            ClusterPhase.Deleting => Refuse("a delete cannot be cancelled: what is gone is gone"),
            ClusterPhase.Deleted => RefuseGoing,
            ClusterPhase.Pending
            or ClusterPhase.Provisioning
            or ClusterPhase.Updating
            or ClusterPhase.Waking when running is not null => Stay,
            _ => Refuse("there is nothing going on that could be cancelled"),
        };

    private static LifecycleMove OnSuccess(ClusterPhase phase, OperationKind? kind) =>
        (phase, kind) switch
        {
            (ClusterPhase.Deleted, _) => Stay,
            (ClusterPhase.Deleting, OperationKind.Delete) => Go(ClusterPhase.Deleted),
            // Something else ended while the delete was already asked for: the delete goes on.
            (ClusterPhase.Deleting, _) => Stay,
            (_, OperationKind.Delete) => Go(ClusterPhase.Deleted),
            (_, OperationKind.Pause) => Go(ClusterPhase.Sleeping),
            (_, null) => Stay,
            _ => Go(ClusterPhase.Running),
        };

    private static LifecycleMove OnFailure(ClusterPhase phase) =>
        phase is ClusterPhase.Deleted ? Stay : Go(ClusterPhase.Failed);

    /// <summary>What the host shows while no operation runs: the status follows what is really there.</summary>
    private static LifecycleMove OnSeen(ClusterPhase phase, LifecycleEvent seen) =>
        (phase, seen) switch
        {
            (ClusterPhase.Running, LifecycleEvent.SeenUnready or LifecycleEvent.SeenMissing) => Go(ClusterPhase.Failed),
            (ClusterPhase.Running or ClusterPhase.Failed, LifecycleEvent.SeenPaused) => Go(ClusterPhase.Sleeping),
            (ClusterPhase.Sleeping or ClusterPhase.Failed, LifecycleEvent.SeenReady) => Go(ClusterPhase.Running),
            (ClusterPhase.Sleeping, LifecycleEvent.SeenUnready or LifecycleEvent.SeenMissing) => Go(
                ClusterPhase.Failed
            ),
            // Only raised for one that was to be deleted, and stalled.
            (ClusterPhase.Failed, LifecycleEvent.SeenGone) => Go(ClusterPhase.Deleted),
            _ => Stay,
        };

    private static LifecycleMove Stay => new LifecycleMove.Stay();

    private static LifecycleMove RefuseGoing => Refuse("it is being deleted");

    private static LifecycleMove Go(ClusterPhase next) => new LifecycleMove.Go(next);

    private static LifecycleMove Start(ClusterPhase next, OperationKind kind) => new LifecycleMove.Start(next, kind);

    private static LifecycleMove Refuse(string why) => new LifecycleMove.Refuse(why);
}

/// <summary>What can happen to a cluster.</summary>
internal enum LifecycleEvent
{
    EditAsked,
    UpdateAsked,
    PauseAsked,
    ResumeAsked,
    DeleteAsked,
    RetryAsked,
    CancelAsked,

    WorkStarted,
    WorkSucceeded,
    WorkFailed,
    WorkCancelled,

    /// <summary>The workload is ready and its kubeconfig is there.</summary>
    SeenReady,

    /// <summary>The workload has not been ready for longer than a restart takes.</summary>
    SeenUnready,

    /// <summary>Somebody paused it.</summary>
    SeenPaused,

    /// <summary>A host that could be read shows no workload.</summary>
    SeenMissing,

    /// <summary>A stalled delete has ended after all: no trace is left.</summary>
    SeenGone,
}

/// <summary>The answer of the lifecycle.</summary>
internal abstract record LifecycleMove
{
    private LifecycleMove() { }

    /// <summary>Fine, and nothing changes.</summary>
    public sealed record Stay : LifecycleMove;

    public sealed record Go(ClusterPhase Next) : LifecycleMove;

    /// <summary>Go there, and begin an operation.</summary>
    public sealed record Start(ClusterPhase Next, OperationKind Kind) : LifecycleMove;

    /// <param name="Why">Fits behind "Cluster x cannot be ...: ".</param>
    public sealed record Refuse(string Why) : LifecycleMove;
}
