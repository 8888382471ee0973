using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Access.Tokens;

/// <summary>The routes of tokens for clusters.</summary>
internal static class ClusterTokenEndpoints
{
    public static IEndpointRouteBuilder MapClusterTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup(ClusterEndpoints.Path + "/{name}/tokens")
            .RequireRole(Role.Viewer)
            .DescribesClusters();
        group.MapGet("", ListAsync).AuditedAs("cluster_token.read").DescribesTokens();
        group.MapPost("", MakeAsync).AuditedAs("cluster_token.create").DescribesMakeToken();
        group.MapDelete("/{id:guid}", RevokeAsync).AuditedAs("cluster_token.delete").DescribesRevokeToken();
        return routes;
    }

    /// <summary>List tokens for a cluster</summary>
    /// <remarks>Those that have not ended, the newest first: admins see all, everybody else their own.</remarks>
    internal static async Task<IResult> ListAsync(
        string name,
        string? @namespace,
        PageRequest page,
        HttpContext http,
        ClusterReads reads,
        ClusterTokens tokens
    )
    {
        var found = await FindAsync(name, @namespace, http, reads);
        return found.Problem is { } problem
            ? problem.ToResult()
            : (await tokens.ListAsync(found.Value.Row, http.GetPrincipal(), page, http.RequestAborted)).ToResult(
                list => new TaggedJson<ClusterTokenList>(list)
            );
    }

    /// <summary>Make a token for a cluster</summary>
    /// <remarks>
    /// The answer has the token itself, which is shown this once. It opens this cluster through the proxy, with the
    /// caller's role, and no other door. It ends by itself, and before that with the credential that it was asked for with,
    /// where that is an API key or a user of the configuration.
    /// </remarks>
    internal static async Task<IResult> MakeAsync(
        string name,
        string? @namespace,
        ClusterTokenCreate? body,
        HttpContext http,
        ClusterReads reads,
        ClusterTokens tokens
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        var found = await FindAsync(name, @namespace, http, reads);
        return found.Problem is { } problem
            ? problem.ToResult()
            : (await tokens.MakeAsync(found.Value.Row, http.GetPrincipal(), body?.Ttl, http.RequestAborted)).ToResult(
                token => TypedResults.Json(token, ApiJson.Options, statusCode: StatusCodes.Status201Created)
            );
    }

    /// <summary>Revoke a token for a cluster</summary>
    /// <remarks>It opens nothing any more, on no server, within a second; what goes on with it is cut off.</remarks>
    internal static async Task<IResult> RevokeAsync(
        string name,
        Guid id,
        string? @namespace,
        HttpContext http,
        ClusterReads reads,
        ClusterTokens tokens
    )
    {
        var found = await FindAsync(name, @namespace, http, reads);
        var problem =
            found.Problem ?? await tokens.RevokeAsync(found.Value.Row, id, http.GetPrincipal(), http.RequestAborted);
        return problem is null ? TypedResults.NoContent() : problem.ToResult();
    }

    private static Task<Outcome<ClusterSnapshot>> FindAsync(
        string name,
        string? @namespace,
        HttpContext http,
        ClusterReads reads
    ) => reads.FindManagedAsync(new ClusterReference(name, @namespace), http.GetPrincipal(), http.RequestAborted);
}
