namespace VClusterManager.Server.Storage;

/// <summary>A stretch of time in which a cluster cost something, or did not.</summary>
internal sealed class UsageSpanRow
{
    public required Guid Id { get; init; }

    public required Guid ClusterId { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Who made the cluster.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The identity of who made it; <see langword="null"/>: nobody's that is known.</summary>
    public required string? Owner { get; init; }

    /// <summary>The door it came through.</summary>
    public required string Source { get; init; }

    public required UsageKind Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary><see langword="null"/>: it goes on.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal enum UsageKind
{
    /// <summary>Its workload is there: it is being made, runs, wakes, has failed, or is being taken away.</summary>
    Run,

    /// <summary>It sleeps.</summary>
    Slept,

    /// <summary>It was taken away before its end: the rest, until that end.</summary>
    Spared,
}
