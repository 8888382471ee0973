using VClusterManager.Server.Audit;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Access.Kubeconfigs;

/// <summary>The route that hands out kubeconfigs.</summary>
internal static class KubeconfigEndpoints
{
    private const string Yaml = "application/yaml";

    public static IEndpointRouteBuilder MapKubeconfigs(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGroup(ClusterEndpoints.Path)
            .RequireRole(Role.Viewer)
            .DescribesClusters()
            .MapGet("/{name}/kubeconfig", GetAsync)
            .GivesAccess()
            .DescribesKubeconfig();
        return routes;
    }

    /// <summary>Get a kubeconfig</summary>
    /// <remarks>
    /// Through this server (<c>mode=proxy</c>) it works from everywhere, from the moment on at which the cluster was asked
    /// for, and opens what the caller's role opens: everything for editors, the role <c>view</c> for viewers. Its token is
    /// for this cluster alone, ends by itself, and can be taken away. With <c>form=exec</c> it holds no token: kubectl
    /// asks <c>vcm</c> for one. <c>mode=direct</c> gives the cluster's own administrator, for editors: it works where the
    /// cluster's address can be reached, does not end, and cannot be taken away.
    /// </remarks>
    internal static async Task<IResult> GetAsync(
        string name,
        string? @namespace,
        string? mode,
        string? form,
        string? ttl,
        HttpContext http,
        KubeconfigRequests kubeconfigs
    )
    {
        var made = await kubeconfigs.ForAsync(
            new ClusterReference(name, @namespace),
            // Nobody sees a token in the answer to HEAD: none is made.
            HttpMethods.IsHead(http.Request.Method)
            && mode != "direct"
                ? new KubeconfigQuery(mode, "exec", Ttl: null)
                : new KubeconfigQuery(mode, form, ttl),
            http.GetPrincipal(),
            kubeconfigs.AddressFor(http.Request),
            http.RequestAborted
        );
        http.Response.Headers.CacheControl = "no-store";
        return made.ToResult(text => TypedResults.Text(text, Yaml));
    }
}
