namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>How far a pod on a node has come.</summary>
internal enum PodStage
{
    /// <summary>The init containers work: <c>Init:0/1</c>.</summary>
    Initialising,

    /// <summary>An init container's image cannot be pulled, tried just now: <c>Init:ErrImagePull</c>.</summary>
    PullFailed,

    /// <summary>The same while it waits to try again: <c>Init:ImagePullBackOff</c>.</summary>
    PullBackOff,

    /// <summary>The init containers are done, the containers not yet begun: <c>PodInitializing</c>.</summary>
    Starting,

    /// <summary>The containers run, their probes fail still.</summary>
    Running,

    /// <summary>The containers run and their probes succeed.</summary>
    Ready,

    /// <summary>The containers' commands have ended well: <c>Completed</c>.</summary>
    Done,

    /// <summary>They have ended, one of them not well: <c>Error</c>.</summary>
    Failed,

    /// <summary>The container ended and waits to be started again: <c>CrashLoopBackOff</c>.</summary>
    Crashed,
}
