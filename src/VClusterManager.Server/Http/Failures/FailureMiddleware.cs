namespace VClusterManager.Server.Http.Failures;

/// <summary>
/// The one place where exceptions end, and where an answer that is only a status code gets its words. A caller is told
/// what a caller can act on; what went wrong inside goes to the log, under the trace id that the answer names.
/// </summary>
internal sealed partial class FailureMiddleware(
    RequestDelegate next,
    IEnumerable<ExceptionProblem> problems,
    ILogger<FailureMiddleware> logger
)
{
    /// <summary>The caller has gone: nobody will read this (nginx's code, for the access log).</summary>
    private const int ClientClosedRequest = 499;

    private readonly ExceptionProblem[] _problems = [.. problems];

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (NeedsWords(context.Response))
            {
                await SayAsync(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = context.Response.HasStarted
                ? context.Response.StatusCode
                : ClientClosedRequest;
        }
        catch (Exception exception) when (!HasBegun(context.Response))
        {
            context.Response.Clear();
            await AnswerAsync(context, exception);
        }
        catch (Exception exception)
        {
            // Half an answer must not look like a whole one.
            Log.Failed(logger, exception, context.Request.Method, context.Request.Path);
            context.Abort();
        }
    }

    private static Task SayAsync(HttpContext context) =>
        UnreadParameters.Explain(context) is { } unread
            ? new ProblemResult(unread).ExecuteAsync(context)
            : ProblemDocument.Of(context.Response.StatusCode, StatusWords.Of(context), context).WriteAsync(context);

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (Explain(exception) is { } problem)
        {
            if (problem.Kind == ProblemKind.Unavailable)
            {
                Log.Unavailable(logger, exception, context.Request.Method, context.Request.Path);
            }

            await new ProblemResult(problem).ExecuteAsync(context);
        }
        else if (exception is BadHttpRequestException bad)
        {
            context.Response.StatusCode = bad.StatusCode;
            await ProblemDocument.Of(bad.StatusCode, StatusWords.Of(context), context).WriteAsync(context);
        }
        else
        {
            Log.Failed(logger, exception, context.Request.Method, context.Request.Path);
            await ProblemDocument
                .Of(StatusCodes.Status500InternalServerError, "Internal server error", context)
                .WriteAsync(context);
        }
    }

    private Problem? Explain(Exception exception) =>
        exception switch
        {
            BadHttpRequestException bad => BadRequests.Explain(bad),
            _ => _problems.Select(p => p(exception)).FirstOrDefault(p => p is not null),
        };

    /// <summary>Some of it is on its way, or waits to be sent, from where nothing takes it back.</summary>
    private static bool HasBegun(HttpResponse response) =>
        response.HasStarted || response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    private static bool NeedsWords(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method, PathString path);

        [LoggerMessage(LogLevel.Warning, "{Method} {Path} could not be served now")]
        public static partial void Unavailable(ILogger logger, Exception exception, string method, PathString path);
    }
}
