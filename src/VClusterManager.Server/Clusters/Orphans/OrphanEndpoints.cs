using VClusterManager.Contracts;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>The routes of what is on the host without an owner.</summary>
internal static class OrphanEndpoints
{
    public static IEndpointRouteBuilder MapOrphans(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/orphans").RequireRole(Role.Viewer).DescribesOrphans();
        group.MapGet("", ListAsync).DescribesList();
        // Waits for helm, which has a limit of its own.
        group.MapDelete("/{id}", DeleteAsync).RequireRole(Role.Admin).IsUnbounded().DescribesDelete();
        return routes;
    }

    /// <summary>List orphans</summary>
    /// <remarks>
    /// What is on the host, carries the mark of this manager, and belongs to none of its clusters: workloads, Helm
    /// releases, namespaces, and volumes, config maps and secrets of clusters that are gone; by namespace. The host is
    /// read for it. What belongs to another instance, or to nobody's manager, is no orphan.
    /// </remarks>
    internal static async Task<IResult> ListAsync(
        PageRequest page,
        HttpContext http,
        OrphanScan scan,
        CancellationToken cancellation
    )
    {
        var found = await scan.LookAsync(cancellation);
        return found.Problem is { } problem
            ? problem.ToResult()
            : OrphanPage
                .Of(Array.FindAll(found.Value, orphan => orphan.IsFor(http.GetPrincipal())), page)
                .ToResult(list => new TaggedJson<OrphanList>(list));
    }

    /// <summary>Take an orphan away</summary>
    /// <remarks>
    /// Reads the host again and deletes exactly that object, if it still is an orphan. A workload or a release goes through
    /// <c>helm uninstall</c>; a namespace only with nothing of anybody else in it. It is in the list until it is gone.
    /// A workload that should live on can be adopted instead.
    /// </remarks>
    internal static async Task<IResult> DeleteAsync(string id, HttpContext http, OrphanRemoval removal)
    {
        var removed = await removal.RemoveAsync(id, http.GetPrincipal(), http.RequestAborted);
        return removed.ToResult(orphan =>
            TypedResults.Json(orphan, ApiJson.Options, statusCode: StatusCodes.Status202Accepted)
        );
    }
}
