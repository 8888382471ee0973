using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>What a workload wants to know of its pods.</summary>
internal static class PodStates
{
    public static bool IsReady(this StoredObject pod) =>
        !pod.Deleting
        && pod.Json.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    public static bool IsOver(this StoredObject pod) => pod.Json.Text("status", "phase") is "Failed" or "Succeeded";
}
