using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>Finds the virtual cluster that a call names, of those that its caller may see.</summary>
internal sealed class ClusterTargets(ClusterReads clusters, HostReads host, HostView view)
{
    /// <summary>What makes the one who reads it run a program, read a file or ask somebody else.</summary>
    private static readonly string[] s_refused =
    [
        "exec",
        "auth-provider",
        "tokenFile",
        "client-certificate",
        "client-key",
        "certificate-authority",
        "proxy-url",
    ];

    public async Task<Outcome<TargetCluster>> FindAsync(
        ParameterValues values,
        Principal who,
        CancellationToken cancellation
    )
    {
        var which = new ClusterReference(
            values.One(EndpointDefinition.ClusterParameter) ?? "",
            values.One(EndpointDefinition.ClusterNamespaceParameter)
        );
        var found = await clusters.FindManagedAsync(which, who, cancellation);
        if (found.Problem is { } problem)
        {
            return problem;
        }

        var cluster = found.Value;
        if (cluster.Row.Phase == ClusterPhase.Sleeping)
        {
            return new Problem(
                ProblemKind.Conflict,
                $"Cluster {cluster.Key} sleeps: wake it first (POST /api/clusters/{cluster.Key.Name}/resume)."
            );
        }

        var kubeconfig = await ClusterKubeconfig.ReadAsync(cluster.Row, host, view, cancellation);
        return kubeconfig.Problem is { } unreadable ? unreadable
            : WrongWith(kubeconfig.Value) is { } wrong
                ? new Problem(
                    ProblemKind.ToolFailed,
                    $"The kubeconfig of cluster {cluster.Key} {wrong}: it is not used."
                )
            : new TargetCluster(cluster.Key, cluster.Row.Id.ToString(), kubeconfig.Value);
    }

    /// <summary>
    /// Whoever can write into the cluster's namespace on the host can write its kubeconfig, and must not get a program of
    /// theirs run, or a file of the server's read, by that.
    /// </summary>
    internal static string? WrongWith(string kubeconfig)
    {
        string? wrong = null;
        var root = YamlReader.Read(
            kubeconfig,
            line => new Origin(null, null, line),
            (_, _) => wrong ??= "is not plain YAML"
        );
        return wrong ?? (root is null ? "is empty" : Refused(root));
    }

    private static string? Refused(RawNode node) =>
        node switch
        {
            RawMap map => map
                .Entries.Select(e =>
                    s_refused.Contains(e.Key, StringComparer.OrdinalIgnoreCase) && !e.Value.IsNull
                        ? $"names {e.Key}"
                        : Refused(e.Value)
                )
                .FirstOrDefault(wrong => wrong is not null),
            RawList list => list.Items.Select(Refused).FirstOrDefault(wrong => wrong is not null),
            _ => null,
        };
}
