namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>What the node remembers of a pod between two looks at it.</summary>
internal sealed class PodRun(string address, DateTimeOffset started)
{
    private PodStage? _stage;

    public string Address { get; } = address;

    public DateTimeOffset Started { get; } = started;

    /// <summary>From when the stages count: the start, or the end of what held them up.</summary>
    public DateTimeOffset Since { get; private set; } = started;

    /// <summary>When a pod that is to be deleted is down.</summary>
    public DateTimeOffset? Ends { get; set; }

    public bool ImagesPulled { get; set; }

    public int Crashes { get; private set; }

    /// <summary>Tries and waits take turns.</summary>
    public PodStage NextPullStage() => _stage == PodStage.PullFailed ? PodStage.PullBackOff : PodStage.PullFailed;

    public void Enter(PodStage stage, DateTimeOffset now)
    {
        if (stage == _stage)
        {
            return;
        }

        if (stage == PodStage.Crashed)
        {
            Crashes++;
        }

        if (stage is PodStage.PullFailed or PodStage.PullBackOff or PodStage.Crashed)
        {
            Since = now;
        }

        _stage = stage;
    }
}
