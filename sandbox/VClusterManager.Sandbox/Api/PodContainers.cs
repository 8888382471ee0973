using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>Which container of a pod a request means.</summary>
internal static class PodContainers
{
    public static JsonObject Choose(StoredObject pod, string wanted)
    {
        var containers = pod.Json.Objects("spec", "containers").ToList();
        var init = pod.Json.Objects("spec", "initContainers").ToList();
        if (wanted.Length > 0)
        {
            return containers.Concat(init).FirstOrDefault(container => container.Text("name") == wanted)
                ?? throw Refusals.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
        }

        if (containers.Count == 1)
        {
            return containers[0];
        }

        var choice = $"a container name must be specified for pod {pod.Name}, choose one of: {Names(containers)}";
        throw Refusals.BadRequest(init.Count == 0 ? choice : $"{choice} or one of the init containers: {Names(init)}");
    }

    public static bool IsRunning(StoredObject pod, JsonObject container) =>
        pod
            .Json.Objects("status", "containerStatuses")
            .Any(status =>
                status.Text("name") == container.Text("name") && status.Object("state", "running") is not null
            );

    private static string Names(IEnumerable<JsonObject> containers) =>
        $"[{string.Join(' ', containers.Select(container => container.Text("name")))}]";
}
