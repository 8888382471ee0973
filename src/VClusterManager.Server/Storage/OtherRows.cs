namespace VClusterManager.Server.Storage;

/// <summary>A notable event in a cluster's history that is not an operation (adopted, extended, became unready, ...).</summary>
internal sealed class ClusterEventRow
{
    public required Guid Id { get; init; }

    public required Guid ClusterId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A reason in one CamelCase word, as Kubernetes events have it.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    /// <summary>Who caused it; <c>system</c> when the manager itself saw or did it.</summary>
    public required string Actor { get; init; }
}

/// <summary>An answer that was given to a request with an <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyRow
{
    public required string Principal { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    public required string RequestHash { get; init; }

    public required int StatusCode { get; set; }

    public required string? Location { get; set; }

    public required string Body { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A work item: the promise that somebody will look at a thing when it is due.</summary>
internal sealed class WorkItemRow
{
    public required string Kind { get; init; }

    public required string Key { get; init; }

    /// <summary>When to look; <see langword="null"/>: nothing to do until somebody enqueues it again.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Claims in a row that ended without success; reset by success and by a fresh enqueue.</summary>
    public int Attempts { get; set; }

    /// <summary>Raised by every enqueue, so that what was asked during a run is run once more.</summary>
    public long Revision { get; set; }

    /// <summary>The revision of the newest enqueue that asked for the running claim to be interrupted.</summary>
    public long InterruptRevision { get; set; }

    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimUntil { get; set; }

    /// <summary>Raised by every claim: every save made under a claim is conditional on it.</summary>
    public long Epoch { get; set; }

    /// <summary>
    /// The span that asked for the next look, as W3C's <c>traceparent</c>; <see langword="null"/>: nobody did, or the look
    /// has been taken.
    /// </summary>
    public string? TraceParent { get; set; }
}

/// <summary>Facts about this database itself: its id, the instance it belongs to.</summary>
internal sealed class SettingRow
{
    public required string Name { get; init; }

    public required string Value { get; set; }
}
