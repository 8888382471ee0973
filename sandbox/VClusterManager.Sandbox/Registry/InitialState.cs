using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Registry;

/// <summary>The status that an object is born with, before any controller has seen it.</summary>
internal static class InitialState
{
    public static void Apply(ResourceDefinition resource, JsonObject json)
    {
        switch (resource.Plural)
        {
            case "namespaces":
                json.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
                json["status"] = new JsonObject { ["phase"] = "Active" };
                break;
            case "pods":
                PodAdmission.Admit(json);
                break;
            case "persistentvolumeclaims":
                json.Ensure("metadata")["finalizers"] = Protected(json, "kubernetes.io/pvc-protection");
                json["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "persistentvolumes":
                json["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "services":
                json["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case "statefulsets":
            case "replicasets":
                json["status"] = new JsonObject { ["replicas"] = 0 };
                break;
            case "deployments":
                json["status"] = new JsonObject();
                break;
            default:
                break;
        }
    }

    private static JsonArray Protected(JsonObject json, string finalizer) =>
        new([.. json.Texts("metadata", "finalizers").Append(finalizer).Distinct().Select(name => (JsonNode)name)]);
}
