namespace VClusterManager.Server.Http;

/// <summary>The kinds of failure that callers are told of. One table turns them into status codes.</summary>
internal enum ProblemKind
{
    /// <summary>400: not JSON, or of the wrong type.</summary>
    Malformed,

    /// <summary>401</summary>
    Unauthenticated,

    /// <summary>403</summary>
    Forbidden,

    /// <summary>404</summary>
    NotFound,

    /// <summary>409</summary>
    Conflict,

    /// <summary>412</summary>
    PreconditionFailed,

    /// <summary>422, with the fields in <c>errors</c></summary>
    Invalid,

    /// <summary>429, with Retry-After</summary>
    TooManyRequests,

    /// <summary>502: a command that was run for the caller has failed, or has answered with nonsense</summary>
    ToolFailed,

    /// <summary>503, with Retry-After</summary>
    Unavailable,

    /// <summary>504: a command that was run for the caller did not end in its time</summary>
    TimedOut,
}

/// <summary>A failure that a caller can understand: expected, not an exception.</summary>
internal sealed record Problem(ProblemKind Kind, string Detail)
{
    /// <summary>Field name to messages.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>For <see cref="ProblemKind.TooManyRequests"/> and <see cref="ProblemKind.Unavailable"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the problem document, in snake_case.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }
}
