using System.Globalization;
using Microsoft.Net.Http.Headers;
using VClusterManager.Server.Audit;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>
/// Answers the calls of endpoints. The way through: what the caller gives is read and checked, then whether this caller may
/// have it, then it becomes a list of arguments, and the command is run (or its answer is known). The role has been asked
/// for before, by the route.
/// </summary>
internal sealed class EndpointCalls(
    CallerRights rights,
    ClusterTargets targets,
    WriteAccess access,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    /// <summary>Nobody will read this; it is for the audit, which must not say that all was well.</summary>
    private const int ClientClosedRequest = 499;

    public RequestDelegate Of(LiveEndpoint endpoint) =>
        async http =>
        {
            try
            {
                if (await AnswerAsync(http, endpoint) is { } problem)
                {
                    await problem.ToResult().ExecuteAsync(http);
                }
            }
            catch (OperationCanceledException)
                when (http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
            {
                http.Response.StatusCode = ClientClosedRequest;
            }
        };

    /// <returns>What is to be answered instead; <see langword="null"/>: it has been answered.</returns>
    private async Task<Problem?> AnswerAsync(HttpContext http, LiveEndpoint endpoint)
    {
        var definition = endpoint.Definition;
        var who = http.GetPrincipal();
        var values = await RequestParameters.ReadAsync(http.Request, definition);
        if (values.Problem is { } invalid)
        {
            return invalid;
        }

        if (rights.Refused(who, definition, values.Value) is { } refused)
        {
            return refused;
        }

        if (!definition.IsRead && access.RefusedNow() is { } readOnly)
        {
            return readOnly;
        }

        TargetCluster? cluster = null;
        if (definition.Target == EndpointTarget.Cluster)
        {
            var found = await targets.FindAsync(values.Value, who, http.RequestAborted);
            if (found.Problem is { } notThere)
            {
                return notThere;
            }

            cluster = found.Value;
            http.Concerns(cluster.Key.Namespace, cluster.Key.Name);
        }

        var line = await LineAsync(http.Request, definition, values.Value);
        return line.Problem is { } unfit ? unfit
            : definition.Output == EndpointOutput.Stream ? await StreamAsync(http, endpoint, line.Value, cluster)
            : await SendAsync(http, endpoint, line.Value, cluster);
    }

    private static async ValueTask<Outcome<CommandLine>> LineAsync(
        HttpRequest request,
        EndpointDefinition endpoint,
        ParameterValues values
    )
    {
        if (!endpoint.StdinIsBody)
        {
            return ArgumentExpansion.Expand(endpoint, values);
        }

        var body = await RequestParameters.BodyTextAsync(request);
        return body.Problem is { } problem ? problem : ArgumentExpansion.Expand(endpoint, values, body.Value);
    }

    private static async Task<Problem?> SendAsync(
        HttpContext http,
        LiveEndpoint endpoint,
        CommandLine line,
        TargetCluster? cluster
    )
    {
        var outcome = await endpoint.AnswerAsync(line, cluster, http.RequestAborted);
        if (outcome.Problem is { } problem)
        {
            return problem;
        }

        var answer = outcome.Value;
        var response = http.Response;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (endpoint.Definition.Cache is not null)
        {
            response.Headers[HeaderNames.Age] = endpoint.AgeOf(answer).ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(answer.Body, http.RequestAborted);
        return null;
    }

    private async Task<Problem?> StreamAsync(
        HttpContext http,
        LiveEndpoint endpoint,
        CommandLine line,
        TargetCluster? cluster
    )
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = StreamedAnswer.ContentType;
            return null;
        }

        // The command's own limit holds for whoever reads slowly, too.
        using CancellationTokenSource limit = new(endpoint.Definition.Timeout, time);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping
        );
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(run.Token, limit.Token);
        StreamedAnswer answer = new(http, endpoint.Definition.MaxOutput, taking);
        var problem = await endpoint.StreamAsync(line, cluster, answer.TakeAsync, run.Token);
        http.RequestAborted.ThrowIfCancellationRequested();
        if (answer.IsTooMuch)
        {
            problem = CommandOutcome.TooMuch(endpoint.Definition);
        }

        if (problem is null && !taking.IsCancellationRequested)
        {
            await answer.EndAsync();
            return null;
        }

        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return null;
        }

        return problem ?? new Problem(ProblemKind.TimedOut, $"{endpoint.Definition.Name} was not read in its time.");
    }
}
