using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Observing;

/// <summary>What of a pod says whether it runs, and why not. Pure.</summary>
internal static class ObservePods
{
    public static ObservedPod Pod(JsonElement json)
    {
        var pod = Observe.Read(json, ObjectShapes.Default.PodShape);
        var conditions = pod.Status?.Conditions ?? [];
        return new ObservedPod(
            pod.Metadata.Name,
            pod.Status?.Phase ?? "Pending",
            conditions.Any(c => c is { Type: "Ready", Status: "True" }),
            pod.Metadata.DeletionTimestamp is not null,
            conditions
                .Where(c => c is { Type: "PodScheduled", Status: "False" })
                .Select(c => c.Message ?? c.Reason)
                .FirstOrDefault(),
            [
                .. (pod.Status?.InitContainerStatuses ?? []).Select(c => Container(c, init: true)),
                .. (pod.Status?.ContainerStatuses ?? []).Select(c => Container(c, init: false)),
            ]
        );
    }

    private static ObservedContainer Container(PodShape.ContainerStatusShape status, bool init)
    {
        var (state, last) = (status.State, status.LastState?.Terminated);
        return new ObservedContainer(
            status.Name ?? "",
            init,
            status.Ready,
            status.Image ?? "",
            status.RestartCount,
            state?.Waiting?.Reason ?? state?.Terminated?.Reason,
            state?.Waiting?.Message ?? state?.Terminated?.Message,
            // One that waits to be started again has ended before.
            state?.Terminated?.ExitCode
                ?? last?.ExitCode
        );
    }
}
