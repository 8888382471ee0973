using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>What the controllers of one cluster work with.</summary>
internal sealed record ControllerContext(ObjectRegistry Registry, EventRecorder Events, Pace Pace, FaultBoard Faults)
{
    public ObjectStore Store => Registry.Store;

    public DateTimeOffset Now => Registry.Time.GetUtcNow();
}

/// <summary>
/// How fast things happen. On a real node a control plane was ready after 18 s: its image copied after 2 s, its
/// container running after 5 s, its kubeconfig written after 15 s. The steps keep these proportions.
/// </summary>
internal sealed record Pace(TimeSpan ReadyDelay)
{
    public TimeSpan Initialised => ReadyDelay * 0.1;

    public TimeSpan Started => ReadyDelay * 0.3;

    public TimeSpan KubeconfigWritten => ReadyDelay * 0.8;

    public TimeSpan Terminated => ReadyDelay * 0.1;

    public TimeSpan PullRetry => ReadyDelay > TimeSpan.Zero ? ReadyDelay : TimeSpan.FromSeconds(1);
}
