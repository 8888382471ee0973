using VClusterManager.Server.Audit;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>The door into virtual clusters.</summary>
internal static class ProxyEndpoints
{
    /// <summary>
    /// Any method. Whoever is known is limited by what is open at once and not by requests in a second: a Kubernetes
    /// client begins with a hundred of them.
    /// </summary>
    public static IEndpointRouteBuilder MapProxy(this IEndpointRouteBuilder routes)
    {
        var route = routes
            .Map(ProxyPath.Prefix + "{namespace}/{name}/{**path}", (RequestDelegate)AnswerAsync)
            .RequireRole(Role.Viewer)
            .LimitsStrangers()
            .EndsWithCredential()
            .AnswersAsKubernetes()
            .AuditedWhen(ProxyCall.IsWrite)
            .CountsRefusals()
            .ExcludeFromDescription();
        ClusterDoor.Marks(route);
        return routes;
    }

    internal static Task AnswerAsync(HttpContext http) =>
        http.RequestServices.GetRequiredService<ProxyRequests>().AnswerAsync(http);
}
