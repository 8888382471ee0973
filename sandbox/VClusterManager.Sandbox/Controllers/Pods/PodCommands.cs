using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>
/// Which pods come to an end by themselves: those that are not to be restarted always and whose commands are known
/// here, and those of Jobs, of whose commands the unknown ones are taken to succeed at once.
/// </summary>
internal static class PodCommands
{
    public static bool End(StoredObject pod) => pod.Json.Text("spec", "restartPolicy") is "Never" or "OnFailure";

    /// <summary>Where the pod is by what its containers' commands left.</summary>
    public static PodStage StageOf(StoredObject pod, ContainerWorld containers)
    {
        var isJob = Owners.ControllerOf(pod.Json).Text("kind") == "Job";
        var inside = pod.Json.Objects("spec", "containers").Select(one => containers.Of(pod, one)).ToList();
        return inside.Exists(one => one.HasCommand ? one.ExitCode is null : !isJob) ? PodStage.Ready
            : inside.Exists(one => one.ExitCode is > 0) ? PodStage.Failed
            : PodStage.Done;
    }
}
