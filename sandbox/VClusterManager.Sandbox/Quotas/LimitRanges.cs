using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Quotas;

/// <summary>Fills in a pod's requests and limits where its namespace has defaults for them.</summary>
internal static class LimitRanges
{
    public static void FillIn(JsonObject pod, string ns, ObjectStore store)
    {
        var limits = store
            .List(ResourceCatalog.LimitRanges, ns)
            .Objects.SelectMany(range => range.Json.Objects("spec", "limits"))
            .Where(limit => limit.Text("type") == "Container")
            .ToList();
        if (limits.Count == 0)
        {
            return;
        }

        foreach (var container in pod.Objects("spec", "initContainers").Concat(pod.Objects("spec", "containers")))
        {
            var resources = container.Ensure("resources");
            foreach (var limit in limits)
            {
                Fill(resources, "limits", limit.Object("default"));
                Fill(resources, "requests", limit.Object("defaultRequest") ?? limit.Object("default"));
            }
        }
    }

    private static void Fill(JsonObject resources, string kind, JsonObject? defaults)
    {
        foreach (var (name, amount) in defaults ?? [])
        {
            resources.Ensure(kind).Default(name, amount!.DeepClone());
        }
    }
}
