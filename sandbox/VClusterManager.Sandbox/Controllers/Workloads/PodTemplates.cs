using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>Makes pods from a workload's template.</summary>
internal static class PodTemplates
{
    /// <summary>A pod of the template, controlled by the workload, still without a name.</summary>
    public static JsonObject PodOf(StoredObject workload)
    {
        var template = workload.Json.Object("spec", "template");
        var metadata = new JsonObject();
        foreach (var name in new[] { "labels", "annotations", "finalizers" })
        {
            if (template.At("metadata", name) is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        metadata["ownerReferences"] = Owners.Controller(workload);
        return new JsonObject { ["metadata"] = metadata, ["spec"] = template.At("spec")?.DeepClone() };
    }
}
