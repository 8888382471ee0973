using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Work;

/// <summary>A claim on a work item: the right to work on it until it is lost. Epoch is the fencing token.</summary>
internal sealed record WorkClaim(string Kind, string Key, long Epoch, long Revision, int Attempts, string ClaimedBy)
{
    /// <summary>The span that asked for this look, as a <c>traceparent</c>; <see langword="null"/>: none did.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What is to become of a work item after a run.</summary>
internal readonly record struct WorkOutcome(TimeSpan? After, bool Failed)
{
    /// <summary>Nothing more to do until somebody enqueues it again.</summary>
    public static WorkOutcome Done => new(null, Failed: false);

    /// <summary>Look again after this time; not a failure.</summary>
    public static WorkOutcome Again(TimeSpan after) => new(after, Failed: false);

    /// <summary>Could not be done now: look again after a pause that grows with each attempt.</summary>
    public static WorkOutcome Backoff => new(null, Failed: true);
}

/// <summary>Why a running handler is asked to stop.</summary>
internal enum WorkInterruption
{
    None,

    /// <summary>A newer intent wants this run to end now.</summary>
    Interrupted,

    /// <summary>The claim is no longer ours: nothing may be saved any more.</summary>
    ClaimLost,

    /// <summary>The server is stopping.</summary>
    Stopping,
}

/// <summary>The claim was lost: whatever was about to be saved has been rolled back.</summary>
internal sealed class ClaimLostException(WorkClaim claim)
    : Exception($"The claim on {claim.Kind}/{claim.Key} (epoch {claim.Epoch}) was lost.")
{
    public WorkClaim Claim { get; } = claim;
}

/// <summary>One run of a handler under a claim.</summary>
internal sealed class WorkContext(
    WorkClaim claim,
    WorkQueue queue,
    Func<WorkInterruption> interruption,
    CancellationToken stop
)
{
    public WorkClaim Claim { get; } = claim;

    /// <summary>Why <see cref="Stop"/> was cancelled.</summary>
    public WorkInterruption Interruption => interruption();

    /// <summary>Cancelled when the run should end: interrupted, claim lost, or the server is stopping.</summary>
    public CancellationToken Stop { get; } = stop;

    /// <summary>
    /// Saves in one transaction that first proves that the claim still holds; throws <see cref="ClaimLostException"/>
    /// and changes nothing when it does not. Not bound to <see cref="Stop"/>: a fact is saved even while stopping.
    /// </summary>
    public Task SaveAsync(Func<Store, Task> change) => queue.SaveUnderClaimAsync(Claim, change);
}

/// <summary>Does the work of one kind. Every handler is safe to run twice, late, or half.</summary>
internal interface IWorkHandler
{
    string Kind { get; }

    /// <summary>Which places it takes.</summary>
    WorkLane Lane => WorkLane.Long;

    Task<WorkOutcome> HandleAsync(WorkContext context);
}

/// <summary>
/// Handlers of one lane share its places: what is done in moments must not wait behind what takes minutes.
/// </summary>
internal enum WorkLane
{
    /// <summary>Waits for tools and for the host.</summary>
    Long,

    /// <summary>Reads and writes the database, and waits for nothing else.</summary>
    Brief,

    /// <summary>As brief, and comes in bursts: worked off by few, so that those who bring more are answered meanwhile.</summary>
    Bursts,
}
