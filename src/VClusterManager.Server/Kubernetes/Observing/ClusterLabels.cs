namespace VClusterManager.Server.Kubernetes.Observing;

/// <summary>How the chart, helm and the syncer mark what belongs to a virtual cluster.</summary>
internal static class ClusterLabels
{
    public const string App = "app";
    public const string AppName = "vcluster";

    /// <summary>On everything that the chart makes, and on pods and claims of its workloads.</summary>
    public const string Release = "release";

    /// <summary>On the secrets that the syncer makes.</summary>
    public const string SyncerSecret = "vcluster-name";

    /// <summary>On what the syncer copies to the host for its tenants. Tenants' own <c>app</c> labels mean nothing here.</summary>
    public const string ManagedBy = "vcluster.loft.sh/managed-by";

    /// <summary>On the services that stand for nodes.</summary>
    public const string BelongsTo = "vcluster.loft.sh/belongs-to";

    public const string Paused = "loft.sh/paused";

    public const string ReleaseNamespace = "meta.helm.sh/release-namespace";

    /// <summary>The workload, and what the chart makes around it.</summary>
    public const string Workload = $"{App}={AppName}";

    /// <summary>The workload itself and the etcd that may be deployed beside it.</summary>
    public const string Ours = "app in (vcluster,vcluster-etcd)";

    public static string KubeconfigSecret(string cluster) => $"vc-{cluster}";
}
