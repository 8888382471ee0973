namespace VClusterManager.Server.Kubernetes;

/// <summary>
/// What the host shows of one virtual cluster. A missing part means "seen to be absent" and nothing else: what could
/// not be read never becomes an <see cref="ObservedCluster"/>.
/// </summary>
internal sealed record ObservedCluster
{
    public required NamespacedName Key { get; init; }

    public ObservedNamespace? Namespace { get; init; }

    /// <summary>The StatefulSet or Deployment with the labels <c>app=vcluster</c>, <c>release=NAME</c>.</summary>
    public ObservedWorkload? Workload { get; init; }

    /// <summary>The control plane's pods.</summary>
    public IReadOnlyList<ObservedPod> Pods { get; init; } = [];

    /// <summary>Helm's release secrets, newest revision first.</summary>
    public IReadOnlyList<ObservedRelease> Releases { get; init; } = [];

    /// <summary>The resourceVersion of the Secret <c>vc-NAME</c>; <see langword="null"/> when there is none.</summary>
    public string? KubeconfigVersion { get; init; }

    public IReadOnlyList<ObservedVolumeClaim> VolumeClaims { get; init; } = [];

    /// <summary>Recent warning events about its workload, pods and claims, newest first.</summary>
    public IReadOnlyList<ObservedWarning> Warnings { get; init; } = [];
}

internal sealed record ObservedNamespace(
    string Name,
    string Uid,
    bool Terminating,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    IReadOnlyList<string> DeletionConditions
)
{
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record ObservedWorkload(
    WorkloadKind Kind,
    string Uid,
    int Replicas,
    int ReadyReplicas,
    /* status.observedGeneration has reached metadata.generation and every replica runs the newest template */
    bool UpToDate,
    bool Paused,
    bool Deleting,
    string? KubernetesImageTag,
    string? ChartVersion,
    DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations
);

internal enum WorkloadKind
{
    StatefulSet,
    Deployment,
}

internal sealed record ObservedPod(
    string Name,
    string Phase,
    bool Ready,
    bool Deleting,
    /* why it cannot be scheduled, from the PodScheduled condition */
    string? Unschedulable,
    IReadOnlyList<ObservedContainer> Containers
);

/// <summary>A container's waiting or terminated reason, as <c>kubectl describe</c> shows it.</summary>
internal sealed record ObservedContainer(
    string Name,
    bool Init,
    bool Ready,
    string Image,
    int Restarts,
    string? Reason,
    string? Message,
    int? ExitCode
);

internal sealed record ObservedRelease(
    string SecretName,
    int Revision,
    /* deployed, failed, superseded, uninstalling, pending-install, pending-upgrade, pending-rollback */
    string Status,
    DateTimeOffset ModifiedAt
)
{
    /// <summary>Of the secret that it is kept in.</summary>
    public string Uid { get; init; } = "";

    public bool IsPending => Status.StartsWith("pending-", StringComparison.Ordinal);
}

internal sealed record ObservedVolumeClaim(string Name, string Phase, string? StorageClass, bool Deleting);

internal sealed record ObservedWarning(
    string ObjectKind,
    string ObjectName,
    string Reason,
    string Message,
    int Count,
    DateTimeOffset LastSeen
);
