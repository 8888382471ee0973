using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>Who asked for what, when, from where, and what came of it.</summary>
public sealed record AuditEntry
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for; of several, when for the first time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who asked; null: nobody that is known.</summary>
    public required string? Principal { get; init; }

    /// <summary>Where the credential came from, such as <c>api_key</c>; null: there was no valid one.</summary>
    public required string? Source { get; init; }

    /// <summary>The address that it came from; null: from several.</summary>
    public required string? Address { get; init; }

    /// <summary>What was asked for, such as <c>cluster.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The namespace that it concerns, where it was named or found.</summary>
    public required string? Namespace { get; init; }

    /// <summary>The name or the id of what it concerns; null: nothing of that kind, or several.</summary>
    public required string? Target { get; init; }

    /// <summary>What came of it.</summary>
    public required AuditResult Result { get; init; }

    /// <summary>The status of the answer; null: it was stored, and the server ended before it answered.</summary>
    public required int? Status { get; init; }

    /// <summary>The phrase of the status.</summary>
    public required string? Title { get; init; }

    /// <summary>The <c>trace_id</c> of the answer: names the request in the server's log.</summary>
    public required string RequestId { get; init; }

    /// <summary>How often it was asked for: refusals may be counted instead of kept one by one.</summary>
    public required int Count { get; init; }
}

/// <summary>What came of a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditResult>))]
public enum AuditResult
{
    /// <summary>It was accepted, whatever became of it later.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It was refused: the status says why.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>The server could not do it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>A page of the audit, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries, string? NextCursor, int Total);
