namespace VClusterManager.Server.Http.Failures;

/// <summary>The one place that turns kinds of failure into status codes.</summary>
internal static class ProblemTable
{
    /// <summary>When nothing better is known of how long something will last.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    public static int StatusOf(ProblemKind kind) =>
        kind switch
        {
            ProblemKind.Malformed => StatusCodes.Status400BadRequest,
            ProblemKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
            ProblemKind.NotFound => StatusCodes.Status404NotFound,
            ProblemKind.Conflict => StatusCodes.Status409Conflict,
            ProblemKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
            ProblemKind.Invalid => StatusCodes.Status422UnprocessableEntity,
            ProblemKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
            ProblemKind.ToolFailed => StatusCodes.Status502BadGateway,
            ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            ProblemKind.TimedOut => StatusCodes.Status504GatewayTimeout,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not in the table."),
        };

    /// <summary>Whole seconds, at least one; <see langword="null"/>: coming back later does not help.</summary>
    public static int? RetryAfterSeconds(Problem problem) =>
        problem.Kind is ProblemKind.TooManyRequests or ProblemKind.Unavailable
            ? Math.Max(1, (int)Math.Ceiling((problem.RetryAfter ?? DefaultRetryAfter).TotalSeconds))
            : null;
}
