using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Operations.Events;

/// <summary>The route that streams what goes on.</summary>
internal static class EventEndpoints
{
    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/events", Stream)
            .RequireRole(Role.Viewer)
            .IsUnbounded()
            .EndsWithCredential()
            .DescribesEvents();
        return routes;
    }

    /// <summary>Follow what goes on</summary>
    /// <remarks>
    /// Streams changes of clusters and operations as server-sent events, until the caller goes away. The data of an event
    /// named <c>cluster</c> is what was committed about a cluster, that of one named <c>operation</c> is the operation as
    /// it is answered elsewhere. Come back with <c>Last-Event-ID</c> and nothing is missed; an event named <c>reset</c>
    /// says that the number is too old, and that everything should be looked at anew. A comment comes every 15 s where
    /// nothing happens.
    /// </remarks>
    internal static IResult Stream(
        HttpContext http,
        EventStream events,
        string? type,
        string? @namespace,
        string? cluster,
        string? last_event_id
    )
    {
        if (type is not (null or ClusterFeed.ClusterType or ClusterFeed.OperationType))
        {
            return ProblemResults.Invalid("type", "must be cluster or operation").ToResult();
        }
        var header = http.Request.Headers["Last-Event-ID"].ToString();
        // A browser's first request cannot set the header.
        if (!EventStream.TryRead(header.Length > 0 ? header : last_event_id, out var after))
        {
            return ProblemResults.Invalid("Last-Event-ID", "must be the id of an event").ToResult();
        }
        return events.Of(new EventFilter(type, @namespace, cluster) { Who = http.GetPrincipal() }, after);
    }
}
