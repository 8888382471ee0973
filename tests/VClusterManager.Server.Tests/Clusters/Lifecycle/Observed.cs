using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

/// <summary>What a host may show of a cluster named demo.</summary>
internal static class Observed
{
    public static readonly Guid Id = Guid.Parse("01930000-0000-7000-8000-000000000001");

    public static NamespacedName Key { get; } = new("vcluster-demo", "demo");

    public static ObservedWorkload Workload { get; } =
        new(
            WorkloadKind.StatefulSet,
            "uid",
            Replicas: 1,
            ReadyReplicas: 0,
            UpToDate: true,
            Paused: false,
            Deleting: false,
            "v1.35.0",
            "0.34.7",
            default,
            new Dictionary<string, string>(),
            new Dictionary<string, string>
            {
                [ClusterStamps.IdAnnotation] = Id.ToString(),
                [ClusterStamps.GenerationAnnotation] = "1",
            }
        );

    public static ObservedCluster Starting { get; } = new() { Key = Key, Workload = Workload };

    public static ObservedCluster Ready { get; } =
        new()
        {
            Key = Key,
            Workload = Workload with { ReadyReplicas = 1 },
            Pods = [Pod() with { Ready = true }],
            Releases = [new ObservedRelease("sh.helm.release.v1.demo.v1", 1, "deployed", default)],
            KubeconfigVersion = "12",
        };

    public static ObservedPod Pod(params ObservedContainer[] containers) =>
        new("demo-0", "Pending", Ready: false, Deleting: false, Unschedulable: null, containers);

    public static ObservedContainer Container(string? reason, string? message) =>
        new(
            "syncer",
            Init: false,
            Ready: false,
            "ghcr.io/loft-sh/kubernetes:v1.35.0",
            Restarts: 0,
            reason,
            message,
            ExitCode: null
        );
}
