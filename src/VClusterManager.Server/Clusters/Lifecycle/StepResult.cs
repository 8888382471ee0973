namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>What a step came to. Every step looks before it acts, and is safe to run twice.</summary>
internal abstract record StepResult
{
    private StepResult() { }

    /// <summary>What the step is for is true on the host.</summary>
    public sealed record Done(string Message = "") : StepResult;

    /// <summary>Not yet: look again after this time, or when the host shows a change.</summary>
    /// <param name="Hopeless">It waits for something that seldom comes by itself.</param>
    /// <param name="OutOfSight">The host cannot be read: the time does not count against the step.</param>
    public sealed record Retry(TimeSpan After, string Message, bool Hopeless = false, bool OutOfSight = false)
        : StepResult;

    /// <summary>It was tried and went wrong: tried again a few times, then given up.</summary>
    public sealed record Failed(string Message) : StepResult;

    /// <summary>A person must act.</summary>
    public sealed record Stalled(string Message) : StepResult;

    /// <summary>All CLI slots of this server are taken: the operation keeps its place in the queue.</summary>
    public sealed record NoSlot : StepResult;

    /// <summary>The run was interrupted: a newer intent, a lost claim, a server that stops.</summary>
    public sealed record Interrupted : StepResult;
}
