using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Clusters.Lifecycle.Steps;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using OperationKind = VClusterManager.Contracts.OperationKind;

namespace VClusterManager.Server.Clusters;

/// <summary>What callers see of a cluster: the intent, and what the host shows. Pure.</summary>
internal static class ClusterProjection
{
    /// <param name="queuePosition">Its operation's place in the queue, from 1; null when it is not queued.</param>
    public static Cluster Of(
        ClusterSnapshot snapshot,
        ObservedCluster seen,
        HostFreshness freshness,
        int? queuePosition
    )
    {
        var row = snapshot.Row;
        return new Cluster
        {
            Id = row.Id.ToString(),
            Name = row.Name,
            Namespace = row.Namespace,
            Status = Status(row.Phase, freshness),
            Message = Message(row, freshness, queuePosition),
            Conditions = [.. Conditions(seen, freshness), .. Expiring(row)],
            Created = row.CreatedAt,
            Updated = row.UpdatedAt,
            KubernetesVersion = row.KubernetesVersion,
            Labels = row.Labels,
            Managed = true,
            Protected = row.Protected,
            CreatedBy = row.CreatedBy,
            Source = row.Source,
            TtlHours = row.TtlHours,
            ExpiresAt = row.ExpiresAt,
            SleepAfter = row.SleepAfter is { } after ? DurationText.Format(after) : null,
            SleepSchedule = SleepRules.Show(row),
            Generation = row.Generation,
            ObservedGeneration = row.ObservedGeneration,
            Operation = snapshot.HasActiveOperation ? Operation(snapshot.Operation!) : null,
            Endpoint = row.Endpoint,
        };
    }

    /// <summary>A cluster on the host that is not ours.</summary>
    public static Cluster Unmanaged(ObservedCluster seen, HostFreshness freshness)
    {
        var workload = seen.Workload!;
        return new Cluster
        {
            Id = workload.Uid,
            Name = seen.Key.Name,
            Namespace = seen.Key.Namespace,
            Status = Status(UnmanagedPhase(seen), freshness),
            Message = freshness.Stale ? Stale(freshness) : "",
            Conditions = Conditions(seen, freshness),
            Created = workload.CreatedAt,
            Updated = workload.CreatedAt,
            KubernetesVersion = workload.KubernetesImageTag ?? "",
            Labels = new Dictionary<string, string>(),
            Managed = false,
            Protected = false,
            CreatedBy = null,
            Source = null,
            TtlHours = null,
            ExpiresAt = null,
            SleepAfter = null,
            SleepSchedule = null,
            Generation = 0,
            ObservedGeneration = 0,
            Operation = null,
            Endpoint = null,
        };
    }

    /// <summary>What rests on the host alone is not known while the host cannot be read.</summary>
    internal static ClusterStatus Status(ClusterPhase phase, HostFreshness freshness) =>
        phase switch
        {
            ClusterPhase.Running or ClusterPhase.Sleeping when freshness.Stale || !freshness.Synced =>
                ClusterStatus.Unknown,
            ClusterPhase.Pending => ClusterStatus.Pending,
            ClusterPhase.Provisioning => ClusterStatus.Provisioning,
            ClusterPhase.Running => ClusterStatus.Running,
            ClusterPhase.Updating => ClusterStatus.Updating,
            ClusterPhase.Sleeping => ClusterStatus.Sleeping,
            ClusterPhase.Waking => ClusterStatus.Waking,
            ClusterPhase.Deleting or ClusterPhase.Deleted => ClusterStatus.Deleting,
            _ => ClusterStatus.Failed,
        };

    private static ClusterPhase UnmanagedPhase(ObservedCluster seen) =>
        seen.Workload switch
        {
            { Deleting: true } => ClusterPhase.Deleting,
            { Paused: true, Replicas: 0 } => ClusterPhase.Sleeping,
            { } workload when ReadyStep.IsReady(workload) => ClusterPhase.Running,
            _ => ClusterPhase.Provisioning,
        };

    private static string Message(ClusterRow row, HostFreshness freshness, int? queuePosition)
    {
        if (freshness.Stale || !freshness.Synced)
        {
            return $"{Stale(freshness)} Last known: {row.Phase}. {row.Message}".TrimEnd();
        }
        return queuePosition is { } place ? $"Queued: number {place} in line."
            : row.Message.Length > 0 ? row.Message
            : Expiring(row).FirstOrDefault()?.Message ?? "";
    }

    /// <summary>Once a warning was given, and until it has another end.</summary>
    private static IEnumerable<Condition> Expiring(ClusterRow row) =>
        row is { ExpiryWarning: not null, ExpiresAt: { } end, Protected: false } && row.Desired != DesiredState.Deleted
            ?
            [
                new Condition(
                    "Expiring",
                    "True",
                    "ExpiresSoon",
                    $"It ends at {end:yyyy-MM-dd HH:mm:ss}Z: extend it if it is still needed."
                ),
            ]
            : [];

    private static string Stale(HostFreshness freshness) =>
        freshness.Synced
            ? $"The host has not been heard of for {freshness.Age.TotalSeconds:0} s ({freshness.Problem})."
            : $"The host has not been read yet ({freshness.Problem ?? "the first look is going on"}).";

    internal static ClusterOperation Operation(OperationRow operation) =>
        new(
            operation.Id.ToString(),
            (OperationKind)operation.Kind,
            operation.Steps.LastOrDefault(s => s.State == Storage.OperationState.Running)?.Name
                ?? (operation.Steps.Count > 0 ? operation.Steps[^1].Name : null),
            Progress(operation)
        );

    private static int Progress(OperationRow operation) =>
        100
        * operation.Steps.Count(s => s.State == Storage.OperationState.Succeeded)
        / StepPlan.CountOf(operation.Kind);

    private static IReadOnlyList<Condition> Conditions(ObservedCluster seen, HostFreshness freshness)
    {
        var reachable = freshness switch
        {
            { Synced: false } => new Condition("HostReachable", "Unknown", "NotSynced", Stale(freshness)),
            { Stale: true } => new Condition("HostReachable", "False", "NotHeardOf", Stale(freshness)),
            _ => new Condition("HostReachable", "True", "Watching", ""),
        };
        return freshness.Synced ? [Ready(seen), Installed(seen), reachable] : [reachable];
    }

    private static Condition Ready(ObservedCluster seen)
    {
        if (ReadyStep.IsReady(seen.Workload) && seen.KubeconfigVersion is not null)
        {
            return new Condition("Ready", "True", "Ready", "");
        }
        return seen.Workload is { Paused: true, Replicas: 0 }
            ? new Condition("Ready", "False", "Paused", "It is paused.")
            : new Condition("Ready", "False", "NotReady", Diagnosis.Of(seen).Message);
    }

    private static Condition Installed(ObservedCluster seen) =>
        seen.Releases switch
        {
            [] => new Condition("Installed", "False", "NoRelease", "There is no Helm release."),
            [{ Status: "deployed" } release, ..] => new Condition(
                "Installed",
                "True",
                "Deployed",
                $"Revision {release.Revision}."
            ),
            [var release, ..] => new Condition(
                "Installed",
                "False",
                "ReleaseNotDeployed",
                $"The Helm release is {release.Status}."
            ),
        };
}
