using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace VClusterManager.Server.Http.Failures;

/// <summary>A failure as the answer of a route handler.</summary>
internal sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult
{
    public Problem Problem { get; } = problem;

    public int? StatusCode => ProblemTable.StatusOf(Problem.Kind);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (ProblemTable.RetryAfterSeconds(Problem) is { } seconds)
        {
            httpContext.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return ProblemDocument.Of(Problem, httpContext).WriteAsync(httpContext);
    }
}

internal static class ProblemResults
{
    public static ProblemResult ToResult(this Problem problem) => new(problem);

    /// <summary>The answer for the value, or the problem.</summary>
    public static IResult ToResult<T>(this Outcome<T> outcome, Func<T, IResult> answer)
        where T : notnull => outcome.Problem is { } problem ? new ProblemResult(problem) : answer(outcome.Value);

    /// <summary>A single field that breaks a rule.</summary>
    public static Problem Invalid(string field, string message) =>
        new(ProblemKind.Invalid, $"{field} {message}.")
        {
            Errors = new Dictionary<string, string[]> { [field] = [message] },
        };
}
