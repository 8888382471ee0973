namespace VClusterManager.Server.Storage;

/// <summary>One run of create, update, pause, resume, delete, with its steps and its outcome.</summary>
internal sealed class OperationRow
{
    public required Guid Id { get; init; }

    public required Guid ClusterId { get; init; }

    public required string ClusterName { get; init; }

    public required string Namespace { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>The cluster's generation that it works for.</summary>
    public required long Generation { get; init; }

    public OperationState State { get; set; } = OperationState.Queued;

    /// <summary>Why it is where it is, in words a person can act on.</summary>
    public string Message { get; set; } = "";

    public List<OperationStepRow> Steps { get; set; } = [];

    /// <summary>Somebody asked to end it, or a newer intent took its place.</summary>
    public bool CancelRequested { get; set; }

    public required string CreatedBy { get; init; }

    /// <summary>
    /// The span that asked for it, as W3C's <c>traceparent</c>: all of its runs, on whichever server, go on with that
    /// trace. <see langword="null"/>: nobody's.
    /// </summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>A step of an operation, kept as JSON inside its row.</summary>
internal sealed class OperationStepRow
{
    public required string Name { get; init; }

    public OperationState State { get; set; } = OperationState.Queued;

    public string Message { get; set; } = "";

    /// <summary>How often it was tried and went wrong.</summary>
    public int Failures { get; set; }

    /// <summary>When it is tried again after it went wrong.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it is given up. Moves while the host cannot be read: that time does not count.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>Since when it waits for something that seldom comes by itself.</summary>
    public DateTimeOffset? HopelessSince { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

internal enum OperationKind
{
    Create,
    Update,
    Pause,
    Resume,
    Delete,
}

internal enum OperationState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>A line of an operation's log.</summary>
internal sealed class OperationLogRow
{
    public required Guid OperationId { get; init; }

    /// <summary>Counts from 1 within the operation.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>manager</c>, <c>stdout</c> or <c>stderr</c>.</summary>
    public required string Stream { get; init; }

    public required string Text { get; init; }
}
