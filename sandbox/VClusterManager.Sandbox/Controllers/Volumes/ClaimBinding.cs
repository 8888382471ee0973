using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Volumes;

/// <summary>How a claim and its volume point at each other.</summary>
internal static class ClaimBinding
{
    private const string DefaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";

    public static bool IsDefault(StoredObject storageClass) =>
        storageClass.Json.Text("metadata", "annotations", DefaultClassAnnotation) == "true";

    public static bool IsFor(StoredObject volume, string ns, string claim) =>
        volume.Json.Text("spec", "claimRef", "namespace") == ns
        && volume.Json.Text("spec", "claimRef", "name") == claim;

    public static JsonObject VolumeFor(StoredObject claim, StoredObject storageClass, string name)
    {
        var provisioner = storageClass.Json.Text("provisioner");
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = provisioner },
            },
            ["spec"] = new JsonObject
            {
                ["capacity"] = JsonAccess.CopyOf(claim.Json.At("spec", "resources", "requests")),
                ["hostPath"] = new JsonObject { ["path"] = $"/var/lib/volumes/{name}", ["type"] = "" },
                ["accessModes"] = JsonAccess.CopyOf(claim.Json.At("spec", "accessModes")),
                ["claimRef"] = new JsonObject
                {
                    ["kind"] = "PersistentVolumeClaim",
                    ["namespace"] = claim.Namespace,
                    ["name"] = claim.Name,
                    ["uid"] = claim.Uid,
                    ["apiVersion"] = "v1",
                },
                ["persistentVolumeReclaimPolicy"] = storageClass.Json.Text("reclaimPolicy") ?? "Delete",
                ["storageClassName"] = storageClass.Name,
                ["volumeMode"] = claim.Json.Text("spec", "volumeMode"),
            },
        };
    }

    public static void Bind(JsonObject claim, StoredObject storageClass, string volume)
    {
        var provisioner = storageClass.Json.Text("provisioner");
        var annotations = claim.Ensure("metadata").Ensure("annotations");
        annotations["pv.kubernetes.io/bind-completed"] = "yes";
        annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
        annotations["volume.beta.kubernetes.io/storage-provisioner"] = provisioner;
        annotations["volume.kubernetes.io/storage-provisioner"] = provisioner;
        var spec = claim.Ensure("spec");
        spec["storageClassName"] = storageClass.Name;
        spec["volumeName"] = volume;
    }

    public static JsonObject BoundStatus(StoredObject claim) =>
        new()
        {
            ["phase"] = "Bound",
            ["accessModes"] = JsonAccess.CopyOf(claim.Json.At("spec", "accessModes")),
            ["capacity"] = JsonAccess.CopyOf(claim.Json.At("spec", "resources", "requests")),
        };
}
