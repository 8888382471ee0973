using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>
/// Notes who wrote what when an object is created, replaced or patched: the writer gets what it added or changed, and
/// everyone loses what it changed or took away. An object that was never tracked stays so.
/// </summary>
internal static class UpdateTracking
{
    private static readonly string[][] NeverOwned =
    [
        ["f:apiVersion"],
        ["f:kind"],
        ["f:metadata", "f:name"],
        ["f:metadata", "f:namespace"],
        ["f:metadata", "f:creationTimestamp"],
        ["f:metadata", "f:selfLink"],
        ["f:metadata", "f:uid"],
        ["f:metadata", "f:generation"],
        ["f:metadata", "f:managedFields"],
        ["f:metadata", "f:resourceVersion"],
        ["f:metadata", "f:deletionTimestamp"],
        ["f:metadata", "f:deletionGracePeriodSeconds"],
    ];

    private static readonly string[][] StatusOnly =
    [
        ["f:spec"],
        ["f:metadata", "f:labels"],
        ["f:metadata", "f:ownerReferences"],
    ];

    private static readonly string[][] AllButStatus =
    [
        ["f:status"],
    ];

    /// <summary>Writes the ownership into <paramref name="after"/>. Before a create, <paramref name="before"/> is null.</summary>
    public static void Track(
        ResourceDefinition resource,
        JsonObject? before,
        JsonObject after,
        WriteOptions options,
        DateTimeOffset now
    )
    {
        var managed = before is null ? new ManagedFields() : ManagedFields.Read(before);
        if ((before is not null && managed.IsEmpty) || options.Subresource is "binding" or "finalize")
        {
            managed.WriteTo(after);
            return;
        }

        var layout = FieldLayout.Of(ApiTypes.Of(resource));
        var live = before ?? ObjectForm.Zero(resource);
        var comparison = FieldComparison.Of(Bare(live), Bare(after), layout);
        var ignored = Ignored(resource, options.Subresource);
        var changed = comparison.Added.Union(comparison.Modified).Without(ignored);
        var removed = comparison.Removed.Without(ignored);
        var writer = WriterOf(resource, Writer.Update, options);
        foreach (var other in managed.Writers.ToList())
        {
            managed.Take(other, other == writer ? removed : changed.Union(removed));
        }

        if (!changed.IsEmpty)
        {
            managed.Set(writer, managed.Of(writer).Union(changed), now);
        }

        managed.WriteTo(after);
    }

    public static Writer WriterOf(ResourceDefinition resource, string operation, WriteOptions options) =>
        new(options.FieldManager, operation, resource.ApiVersion, options.Subresource ?? "");

    /// <summary>Fields that a request to this address does not write, whatever it sends.</summary>
    public static IEnumerable<string[]> Ignored(ResourceDefinition resource, string? subresource) =>
        subresource == "status" ? NeverOwned.Concat(StatusOnly)
        : resource.HasStatus ? NeverOwned.Concat(AllButStatus)
        : NeverOwned;

    private static JsonObject Bare(JsonObject json)
    {
        var bare = json.Copy();
        (bare["metadata"] as JsonObject)?.Remove("managedFields");
        return bare;
    }
}
