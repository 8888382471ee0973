using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Why a cluster is not ready, told from what the host shows, in words a person can act on. Pure.
/// What is worst and most exact comes first: a container that cannot start, then a pod that cannot be placed, then a
/// volume, then what the host refused to make, then what is merely not done yet.
/// </summary>
/// <param name="Message">For people.</param>
/// <param name="Hopeless">It seldom goes away by itself: waiting long is pointless.</param>
internal sealed record Diagnosis(string Message, bool Hopeless)
{
    private static readonly string[] ImageReasons =
    [
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
    ];

    private static readonly string[] ConfigReasons =
    [
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
    ];

    public static Diagnosis Of(ObservedCluster seen) =>
        OfContainers(seen)
        ?? OfClaims(seen)
        ?? OfPlacement(seen)
        ?? OfRefusals(seen)
        ?? new Diagnosis(NotYet(seen), Hopeless: false);

    /// <summary>The container that crashes again and again, so that its last words can be read.</summary>
    public static (string Pod, string Container)? Crashing(ObservedCluster seen) =>
        seen
            .Pods.SelectMany(p => p.Containers.Where(IsCrashing).Select(c => ((string, string)?)(p.Name, c.Name)))
            .FirstOrDefault();

    private static bool IsCrashing(ObservedContainer container) =>
        container.Reason is "CrashLoopBackOff"
        || (container is { Ready: false, Restarts: >= 2, Reason: "Error" or "OOMKilled" });

    private static Diagnosis? OfContainers(ObservedCluster seen)
    {
        foreach (var (pod, container) in seen.Pods.SelectMany(p => p.Containers.Select(c => (p, c))))
        {
            if (ImageReasons.Contains(container.Reason))
            {
                return new Diagnosis(
                    $"Image {container.Image} cannot be pulled: {Text(container.Message, container.Reason)}.",
                    Hopeless: true
                );
            }
            if (ConfigReasons.Contains(container.Reason))
            {
                return new Diagnosis(
                    $"Container {container.Name} of pod {pod.Name} cannot start: {Text(container.Message, container.Reason)}.",
                    Hopeless: true
                );
            }
            if (IsCrashing(container))
            {
                var exit = container.ExitCode is { } code ? $" (exit code {code})" : "";
                return new Diagnosis(
                    $"Container {container.Name} of pod {pod.Name} crashes again and again{exit}, restarted {container.Restarts} times.",
                    Hopeless: true
                );
            }
        }
        return null;
    }

    private static Diagnosis? OfClaims(ObservedCluster seen)
    {
        var waiting = seen.VolumeClaims.FirstOrDefault(c => c.Phase == "Pending");
        if (waiting is null)
        {
            return null;
        }
        var warning = WarningOn(seen, "PersistentVolumeClaim", waiting.Name);
        var noDefault = waiting.StorageClass is null;
        return (noDefault, warning) switch
        {
            (true, _) => new Diagnosis(
                $"Volume claim {waiting.Name} waits for a StorageClass: the host has no default, and the values name none.",
                Hopeless: true
            ),
            (_, { } said) => new Diagnosis(
                $"Volume claim {waiting.Name} cannot be bound: {said.Message.TrimEnd('.')}.",
                Hopeless: true
            ),
            // Bound only when the pod is placed (WaitForFirstConsumer), or still being made: say so, but look on.
            _ => null,
        };
    }

    private static Diagnosis? OfPlacement(ObservedCluster seen)
    {
        var pod = seen.Pods.FirstOrDefault(p => p.Unschedulable is not null);
        return pod is null
            ? null
            : new Diagnosis(
                $"Pod {pod.Name} cannot be placed on a node: {pod.Unschedulable!.TrimEnd('.')}.",
                Hopeless: false
            );
    }

    /// <summary>A quota or an admission rule: the host would not even make the pod or the claim.</summary>
    private static Diagnosis? OfRefusals(ObservedCluster seen)
    {
        if (seen.Pods.Count > 0 || seen.Workload is not { Replicas: > 0 })
        {
            return null;
        }
        var refusal = seen.Warnings.FirstOrDefault(w => w.Reason is "FailedCreate");
        return refusal is null
            ? null
            : new Diagnosis($"The host refuses to make its pod: {refusal.Message.TrimEnd('.')}.", Hopeless: true);
    }

    private static string NotYet(ObservedCluster seen) =>
        seen switch
        {
            { Workload: null } => "The workload is not on the host yet.",
            { Workload: { Paused: true, Replicas: 0 } } => "It is paused.",
            { Pods.Count: 0 } => "Its pod has not been made yet.",
            _ when seen.Pods[0] is { } pod && !pod.Ready => $"Pod {pod.Name} is starting ({Stage(pod)}).",
            { Workload.UpToDate: false } => "The newest version is being rolled out.",
            { KubeconfigVersion: null } => "Its control plane has not written its kubeconfig yet.",
            _ => "It is not ready yet.",
        };

    private static string Stage(ObservedPod pod) =>
        pod.Containers.FirstOrDefault(c => !c.Ready && c.Reason is not (null or "Completed"))?.Reason ?? pod.Phase;

    private static ObservedWarning? WarningOn(ObservedCluster seen, string kind, string name) =>
        seen.Warnings.FirstOrDefault(w => w.ObjectKind == kind && w.ObjectName == name);

    private static string Text(string? message, string? reason) =>
        (string.IsNullOrEmpty(message) ? reason ?? "" : message).TrimEnd('.');
}
