using Microsoft.AspNetCore.Http.Timeouts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.Guards;

/// <summary>How long a request may take.</summary>
internal static class RequestTimeouts
{
    public static void Configure(RequestTimeoutOptions options, LimitOptions limits) =>
        options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = limits.RequestTimeout,
            WriteTimeoutResponse = http => AnswerAsync(http, limits.RequestTimeout),
        };

    private static Task AnswerAsync(HttpContext http, TimeSpan limit)
    {
        // It is what was given up: the answer would be as well.
        http.RequestAborted = CancellationToken.None;
        var problem = new Problem(
            ProblemKind.Unavailable,
            $"The request was given up after {DurationText.Format(limit)}. If it was a change, look at what became of it before you send it again."
        );
        return problem.ToResult().ExecuteAsync(http);
    }
}
