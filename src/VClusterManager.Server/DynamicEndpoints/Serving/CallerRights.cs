using VClusterManager.Server.Clusters;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>
/// Which endpoints a caller may call beside having their role. An endpoint on the host shows the host with the manager's own
/// eyes: callers who are bound to namespaces, or to their own clusters, are let in only where the endpoint reaches into one
/// namespace and nowhere else, and that one is theirs. What of virtual clusters they may see is looked up for each call.
/// </summary>
internal sealed class CallerRights(ClusterView clusters, HostView host)
{
    public static bool MayCall(Principal who, EndpointDefinition endpoint) =>
        who.Role >= endpoint.Role
        && (who.SeesAll || endpoint.Target == EndpointTarget.Cluster || endpoint.BoundBy is not null);

    /// <summary>The answer to a caller whose role would do; <see langword="null"/>: go on.</summary>
    public Problem? Refused(Principal who, EndpointDefinition endpoint, ParameterValues values)
    {
        if (who.SeesAll || endpoint.Target == EndpointTarget.Cluster)
        {
            return null;
        }

        if (endpoint.BoundBy is not { } bound)
        {
            return new Problem(
                ProblemKind.Forbidden,
                $"{endpoint.Name} shows more of the host than {who.Name} may see, who is bound to some of it."
            );
        }

        var ns = values.One(bound) ?? "";
        return IsTheirs(who, ns)
            ? null
            : new Problem(ProblemKind.Forbidden, $"{who.Name} may not look into namespace {Quote.Of(ns)}.");
    }

    /// <summary>
    /// Who is bound to their own clusters has the namespaces that were made for those. A cluster that only asks for one
    /// gives none: it may be somebody else's by then.
    /// </summary>
    private bool IsTheirs(Principal who, string ns) =>
        who.Limits.Allow(ns)
        && (
            !who.Limits.OwnClusters
            || clusters.All.Any(c =>
                c.Row.Namespace == ns
                && c.Row.DeletedAt is null
                && who.MaySee(ns, c.Row.Owner)
                && (who.MayUseForeign(ns) || IsMadeFor(c.Row))
            )
        );

    private bool IsMadeFor(ClusterRow cluster) =>
        host.Find(new NamespacedName(cluster.Namespace, cluster.Name)).Namespace is { } home
        && ClusterStamps.BelongsTo(home.Annotations, cluster.Id);
}
