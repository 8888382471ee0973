using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>One run of create, update, pause, resume or delete.</summary>
public sealed record Operation
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required OperationState State { get; init; }

    /// <summary>Why, in words a person can act on; empty when there is nothing to say.</summary>
    public required string Message { get; init; }

    /// <summary>The id of its cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The name of its cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace of its cluster.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster's generation that it works for.</summary>
    public required long Generation { get; init; }

    /// <summary>Its steps, in order.</summary>
    public required IReadOnlyList<OperationStep> Steps { get; init; }

    /// <summary>Its place in the queue, counted from 1; null once it runs.</summary>
    public required int? QueuePosition { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When work on it began.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset? Finished { get; init; }
}

/// <summary>A step of an operation.</summary>
/// <param name="Name">What it is called, such as <c>install</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Message">What it waits for, or what became of it.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended.</param>
public sealed record OperationStep(
    string Name,
    OperationState State,
    string Message,
    DateTimeOffset? Started,
    DateTimeOffset? Finished
);

/// <summary>What an operation does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
public enum OperationKind
{
    /// <summary>Makes a cluster.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>Upgrades one to other values or another version.</summary>
    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>Puts one to sleep.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>Wakes one.</summary>
    [JsonStringEnumMemberName("resume")]
    Resume,

    /// <summary>Takes one away.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,
}

/// <summary>Where an operation or a step stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationState>))]
public enum OperationState
{
    /// <summary>Waits for its turn.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>Is being worked on.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Ended well.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>Ended, and needs a person.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Ended by a person or by a newer request.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>A page of operations, newest first.</summary>
/// <param name="Operations">The operations.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record OperationList(IReadOnlyList<Operation> Operations, string? NextCursor, int Total);

/// <summary>Something notable that happened to a cluster.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">One CamelCase word, such as <c>Created</c>.</param>
/// <param name="Message">The same for people.</param>
/// <param name="Actor">Who caused it; <c>system</c> for the manager itself.</param>
/// <param name="Operation">The operation it tells of; null for an event.</param>
public sealed record HistoryEntry(DateTimeOffset At, string Reason, string Message, string Actor, Operation? Operation);

/// <summary>A page of a cluster's history, newest first.</summary>
/// <param name="History">The entries.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record HistoryList(IReadOnlyList<HistoryEntry> History, string? NextCursor, int Total);
