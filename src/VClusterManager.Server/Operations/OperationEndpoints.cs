using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Operations;

/// <summary>The routes of operations and of a cluster's history.</summary>
internal static class OperationEndpoints
{
    public static IEndpointRouteBuilder MapOperations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/operations").RequireRole(Role.Viewer).DescribesOperations();
        group.MapGet("", ListAsync).DescribesList();
        group.MapGet("/{id:guid}", GetAsync).DescribesGet();
        group.MapGet("/{id:guid}/log", LogAsync).IsUnbounded().EndsWithCredential().DescribesLog();
        group.MapPost("/{id:guid}/cancel", CancelAsync).RequireRole(Role.Editor).DescribesCancel();
        routes
            .MapGroup("/api/clusters/{name}/history")
            .RequireRole(Role.Viewer)
            .DescribesClusters()
            .MapGet("", HistoryAsync)
            .DescribesHistory();
        return routes;
    }

    /// <summary>List operations</summary>
    /// <remarks>The newest first; also of clusters that are gone.</remarks>
    internal static async Task<IResult> ListAsync(
        PageRequest page,
        string? cluster,
        string? @namespace,
        string? state,
        HttpContext http,
        OperationReads operations,
        CancellationToken cancellation
    )
    {
        OperationState? wanted = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Choice.TryRead<OperationState>(state, out var parsed))
            {
                var known = string.Join(", ", Enum.GetNames<OperationState>().Select(n => n.ToLowerInvariant()));
                return ProblemResults.Invalid("state", $"must be one of {known}").ToResult();
            }
            wanted = parsed;
        }
        var listed = await operations.ListAsync(cluster, @namespace, wanted, page, http.GetPrincipal(), cancellation);
        return listed.ToResult(list => new TaggedJson<OperationList>(list));
    }

    /// <summary>Get an operation</summary>
    /// <remarks>Its steps say what was done, what is being done, and what it waits for.</remarks>
    internal static async Task<IResult> GetAsync(
        Guid id,
        HttpContext http,
        ClusterReads reads,
        CancellationToken cancellation
    ) =>
        await reads.OperationAsync(id, http.GetPrincipal(), cancellation) is { } row
            ? TypedResults.Json(OperationProjection.Of(row, reads.QueuePosition(row)), ApiJson.Options)
            : Missing(id).ToResult();

    /// <summary>Read an operation's log</summary>
    /// <remarks>
    /// What the manager did and what the tools said, as plain text, a line each. With <c>follow=true</c> the answer goes
    /// on until the operation has ended.
    /// </remarks>
    internal static async Task<IResult> LogAsync(
        Guid id,
        HttpContext http,
        ClusterReads reads,
        OperationLogStream log,
        CancellationToken cancellation,
        bool follow = false
    ) =>
        await reads.OperationAsync(id, http.GetPrincipal(), cancellation) is null
            ? Missing(id).ToResult()
            : log.Of(id, follow);

    /// <summary>Cancel an operation</summary>
    /// <remarks>Ends one that is queued or running. A delete cannot be ended.</remarks>
    internal static async Task<IResult> CancelAsync(
        Guid id,
        HttpContext http,
        ClusterRequests requests,
        ClusterReads reads
    )
    {
        var outcome = await requests.CancelAsync(id, http.GetPrincipal(), http.RequestAborted);
        if (outcome.Problem is { } problem)
        {
            return problem.ToResult();
        }
        var row = await reads.OperationAsync(id, http.GetPrincipal(), http.RequestAborted);
        return row is null
            ? Missing(id).ToResult()
            : TypedResults.Json(
                OperationProjection.Of(row, reads.QueuePosition(row)),
                ApiJson.Options,
                statusCode: StatusCodes.Status202Accepted
            );
    }

    /// <summary>Read a cluster's history</summary>
    /// <remarks>
    /// Its operations and what else was notable, the newest first; also of a cluster that is gone. Of several clusters
    /// that had the name, the newest counts.
    /// </remarks>
    internal static async Task<IResult> HistoryAsync(
        string name,
        string? @namespace,
        PageRequest page,
        HttpContext http,
        OperationReads operations,
        CancellationToken cancellation
    )
    {
        var which = new ClusterReference(name, @namespace);
        var history = await operations.HistoryAsync(which, page, http.GetPrincipal(), cancellation);
        return history.ToResult(list => TypedResults.Json(list, ApiJson.Options));
    }

    private static Problem Missing(Guid id) => new(ProblemKind.NotFound, $"There is no operation {id}.");
}
