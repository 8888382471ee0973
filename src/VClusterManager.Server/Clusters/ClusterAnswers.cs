using System.Text.Json;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>How accepted requests are answered: at once, or when the caller's patience or the work is at an end.</summary>
internal sealed class ClusterAnswers(ClusterReads reads, ClusterWait waits, RecordedAnswers recorded)
{
    /// <summary>The answer of a create as it is given on acceptance.</summary>
    public RecordedAnswer Record(Accepted accepted) =>
        new(StatusCodes.Status202Accepted, Location(accepted.Cluster), Body(accepted.Cluster));

    public static IResult Repeat(RecordedAnswer answer, HttpContext http)
    {
        http.Response.Headers.Location = answer.Location;
        return TypedResults.Text(answer.Body, "application/json; charset=utf-8", statusCode: answer.StatusCode);
    }

    /// <param name="answer">The answer that is remembered for an idempotency key; null: the request has none.</param>
    public async Task<IResult> CreatedAsync(
        Accepted accepted,
        RecordedAnswer? answer,
        IdempotentRequest? idempotent,
        WaitFor wait,
        HttpContext http
    )
    {
        Concerns(accepted, http);
        var cluster = await AfterAsync(accepted.Cluster, wait, http) ?? accepted.Cluster;
        var running = cluster.Row.Phase == ClusterPhase.Running;
        var status = running ? StatusCodes.Status201Created : StatusCodes.Status202Accepted;
        if (idempotent is null || answer is null)
        {
            http.Response.Headers.Location = Location(cluster);
            return Current(cluster, http, status);
        }
        if (wait.Time is not null)
        {
            answer = new RecordedAnswer(status, Location(cluster), Body(cluster));
            await recorded.ReplaceAsync(idempotent, answer, http.RequestAborted);
        }
        // To the letter what the same request will be answered later.
        http.Response.Headers.ETag = ClusterTag.Of(cluster.Row);
        return Repeat(answer, http);
    }

    /// <summary>200 when nothing is to be done or it is done, 202 while it goes on.</summary>
    public async Task<IResult> ChangedAsync(Outcome<Accepted> outcome, WaitFor wait, HttpContext http)
    {
        if (outcome.Problem is { } problem)
        {
            return problem.ToResult();
        }
        var accepted = outcome.Value;
        Concerns(accepted, http);
        if (accepted.Operation is null)
        {
            return Current(accepted.Cluster, http);
        }
        var cluster = await AfterAsync(accepted.Cluster, wait, http) ?? accepted.Cluster;
        var pending = cluster.HasActiveOperation || cluster.Row.Phase == ClusterPhase.Failed;
        return Current(cluster, http, pending ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    /// <summary>200 with the operation once the cluster is really gone, 202 before.</summary>
    public async Task<IResult> DeletedAsync(Outcome<Accepted> outcome, WaitFor wait, HttpContext http)
    {
        if (outcome.Problem is { } problem)
        {
            return problem.ToResult();
        }
        var accepted = outcome.Value;
        Concerns(accepted, http);
        var gone = wait.Time is not null && await AfterAsync(accepted.Cluster, wait, http) is null;
        var operation =
            await reads.OperationAsync(accepted.Operation!.Id, http.GetPrincipal(), http.RequestAborted)
            ?? accepted.Operation;
        http.Response.Headers.Location = $"/api/operations/{operation.Id}";
        var shown = OperationProjection.Of(operation, reads.QueuePosition(operation));
        return TypedResults.Json(
            shown,
            ApiJson.Options,
            statusCode: gone ? StatusCodes.Status200OK : StatusCodes.Status202Accepted
        );
    }

    /// <summary>The cluster as it is now, with its ETag.</summary>
    public IResult Current(ClusterSnapshot cluster, HttpContext http, int status = StatusCodes.Status200OK)
    {
        http.Concerns(cluster.Row.Namespace, cluster.Row.Name);
        http.Response.Headers.ETag = ClusterTag.Of(cluster.Row);
        return TypedResults.Json(reads.Show(cluster), ApiJson.Options, statusCode: status);
    }

    private async Task<ClusterSnapshot?> AfterAsync(ClusterSnapshot cluster, WaitFor wait, HttpContext http) =>
        wait.Time is { } time
            ? await waits.ForAsync(cluster.Row.Id, ClusterWait.IsSettled, time, http.RequestAborted)
            : cluster;

    /// <summary>Callers may have named it without its namespace.</summary>
    private static void Concerns(Accepted accepted, HttpContext http) =>
        http.Concerns(accepted.Cluster.Row.Namespace, accepted.Cluster.Row.Name);

    private static string Location(ClusterSnapshot cluster) =>
        $"{ClusterEndpoints.Path}/{cluster.Row.Name}?namespace={cluster.Row.Namespace}";

    private string Body(ClusterSnapshot cluster) => JsonSerializer.Serialize(reads.Show(cluster), ApiJson.Options);
}
