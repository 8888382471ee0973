namespace VClusterManager.Server.Storage;

/// <summary>Who asked for what, and what came of it. Never removed but by age.</summary>
internal sealed record AuditRow
{
    /// <summary>Text from outside is cut off here: nobody fills the database with a long name.</summary>
    public const int MaxText = 200;

    public required Guid Id { get; init; }

    /// <summary>When it was asked; of several, when first.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><see langword="null"/>: nobody known.</summary>
    public required string? Principal { get; init; }

    /// <summary>Where the principal came from, such as <c>api_key</c>.</summary>
    public required string? Source { get; init; }

    /// <summary>The address that it came from.</summary>
    public required string? Address { get; init; }

    /// <summary>Such as <c>cluster.create</c>.</summary>
    public required string Action { get; init; }

    public string? Namespace { get; init; }

    /// <summary>A name, or an id.</summary>
    public string? Target { get; init; }

    public required AuditResult Result { get; init; }

    /// <summary>What was answered; <see langword="null"/>: it was stored, and the server ended before it answered.</summary>
    public int? Status { get; init; }

    /// <summary>Names the request in the log and in its answer.</summary>
    public required string RequestId { get; init; }

    /// <summary>How often it was asked: more than 1 where refusals are only counted.</summary>
    public int Count { get; init; } = 1;
}

internal enum AuditResult
{
    /// <summary>It was stored, or answered.</summary>
    Accepted,

    /// <summary>The caller must ask otherwise, or must not ask.</summary>
    Refused,

    /// <summary>The server could not do it.</summary>
    Failed,
}
