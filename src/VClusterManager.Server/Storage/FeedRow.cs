namespace VClusterManager.Server.Storage;

/// <summary>
/// A change that was committed, for those who follow what goes on. Its number is given with the commit: see
/// <see cref="FeedNumbers"/>.
/// </summary>
internal sealed class FeedRow
{
    /// <summary>Counts in the order in which changes were committed, without gaps; negative until then.</summary>
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>cluster</c> or <c>operation</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The cluster that it is about.</summary>
    public required Guid ClusterId { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Whose own the cluster is.</summary>
    public string? Owner { get; init; }

    /// <summary>The change as JSON on one line, as it is sent.</summary>
    public required string Data { get; init; }
}

/// <summary>A number that only grows, and is locked by the transaction that raises it.</summary>
internal sealed class CounterRow
{
    public required string Name { get; init; }

    public required long Value { get; set; }
}
