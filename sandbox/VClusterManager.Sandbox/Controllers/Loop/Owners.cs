using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>Who an object belongs to.</summary>
internal static class Owners
{
    /// <summary>The one owner that controls the object.</summary>
    public static JsonObject? ControllerOf(JsonObject json) =>
        json.Objects("metadata", "ownerReferences").FirstOrDefault(reference => reference.Flag("controller"));

    public static bool IsControlledBy(this StoredObject stored, StoredObject owner) =>
        ControllerOf(stored.Json).Text("uid") == owner.Uid;

    public static JsonArray Controller(StoredObject owner)
    {
        var reference = Reference(owner);
        reference["controller"] = true;
        reference["blockOwnerDeletion"] = true;
        return [reference];
    }

    public static JsonObject Reference(StoredObject owner) =>
        new()
        {
            ["apiVersion"] = owner.Json.Text("apiVersion"),
            ["kind"] = owner.Json.Text("kind"),
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
        };

    /// <summary>Work for the controller of one kind: its own objects, and the owners of the objects that it makes.</summary>
    public static void AddOwner(
        this WorkQueue queue,
        IController controller,
        ResourceDefinition own,
        ResourceDefinition made,
        ResourceDefinition resource,
        Change change
    )
    {
        if (resource == own)
        {
            queue.Add(new WorkItem(controller, change.Object.Namespace, change.Object.Name));
        }
        else if (
            resource == made
            && ControllerOf(change.Object.Json) is { } owner
            && owner.Text("kind") == own.Kind
            && owner.Text("name") is { } name
        )
        {
            queue.Add(new WorkItem(controller, change.Object.Namespace, name));
        }
    }

    /// <summary>The virtual cluster that an object belongs to, by the labels that the chart and the syncer set; else empty.</summary>
    public static string VirtualClusterOf(StoredObject stored) =>
        stored.Labels.Text("app") == "vcluster"
            ? stored.Labels.Text("release") ?? stored.Labels.Text("vcluster-name") ?? ""
            : stored.Labels.Text("vcluster.loft.sh/managed-by") ?? "";
}
