using VClusterManager.Contracts;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>The routes of API keys.</summary>
internal static class KeyEndpoints
{
    private const string Path = "/api/keys";

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireRole(Role.Viewer).DescribesKeys();
        group.MapGet("", ListAsync).DescribesList();
        group.MapPost("", MakeAsync).DescribesMake();
        group.MapDelete("/{id:guid}", RevokeAsync).DescribesRevoke();
        return routes;
    }

    /// <summary>List API keys</summary>
    /// <remarks>Those that were made over the API, the newest first: admins see all, everybody else their own.</remarks>
    internal static async Task<IResult> ListAsync(
        PageRequest page,
        HttpContext http,
        KeyRequests keys,
        CancellationToken cancellation
    )
    {
        var listed = await keys.ListAsync(http.GetPrincipal(), page, cancellation);
        return listed.ToResult(list => new TaggedJson<ApiKeyList>(list));
    }

    /// <summary>Make an API key</summary>
    /// <remarks>
    /// The answer has the key itself, which is shown this once. Admins make keys that stand for themselves, with any role
    /// and limits. Everybody else whom the server's configuration knows makes keys for themselves: with at most their own
    /// role and limits, and what is made with the key is theirs. Such a key ends when its owner does.
    /// </remarks>
    internal static async Task<IResult> MakeAsync(
        ApiKeyCreate body,
        HttpContext http,
        KeyRequests keys,
        CancellationToken cancellation
    )
    {
        var made = await keys.MakeAsync(body, http.GetPrincipal(), cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return made.ToResult(key => TypedResults.Json(key, ApiJson.Options, statusCode: StatusCodes.Status201Created));
    }

    /// <summary>Revoke an API key</summary>
    /// <remarks>It lets nobody in any more, on no server, within a second; answers that go on are cut off.</remarks>
    internal static async Task<IResult> RevokeAsync(
        Guid id,
        HttpContext http,
        KeyRequests keys,
        CancellationToken cancellation
    ) =>
        await keys.RevokeAsync(id, http.GetPrincipal(), cancellation) is { } problem
            ? problem.ToResult()
            : TypedResults.NoContent();
}
