using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>
/// An apply: the caller says what it wants of an object and owns just that. Fields that it named before and no longer
/// names go, unless someone else owns them too; fields that someone else set to another value are a conflict, unless
/// the caller forces it and becomes their owner.
/// </summary>
internal sealed class ServerSideApply(ResourceDefinition resource, WriteOptions options, bool force, DateTimeOffset now)
{
    private readonly FieldLayout _layout = FieldLayout.Of(ApiTypes.Of(resource));

    /// <summary>The object as it becomes, with its ownership; <paramref name="live"/> is empty when there is none yet.</summary>
    public JsonObject Apply(JsonObject live, JsonObject config)
    {
        var wanted = Bare(config);
        var managed = ManagedFields.Read(live);
        var writer = UpdateTracking.WriterOf(resource, Writer.Apply, options);
        var ignored = UpdateTracking.Ignored(resource, options.Subresource).ToList();
        var fields = ApplyMerge.FieldsOf(wanted, _layout).Without(ignored);
        var before = managed.Of(writer);
        var merged = ApplyMerge.Merge(Bare(live), wanted, _layout);
        var dropped = before.Except(fields).Except(managed.UnionExcept(writer));
        ApplyMerge.Remove(merged, WithoutOwnedBelow(dropped, fields.Union(managed.UnionExcept(writer))), _layout);
        Settle(managed, writer, FieldComparison.Of(Bare(live), merged, _layout), ignored);
        managed.Set(writer, fields, now);
        managed.WriteTo(merged);
        return merged;
    }

    /// <summary>Takes what changed away from the other writers, or refuses.</summary>
    private void Settle(ManagedFields managed, Writer writer, FieldComparison comparison, List<string[]> ignored)
    {
        var changed = comparison.Added.Union(comparison.Modified).Without(ignored);
        var conflicts = managed
            .Writers.Where(other => other != writer)
            .Select(other => (Writer: other, Fields: managed.Of(other).Intersect(changed)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw ApplyConflicts.Refuse(conflicts);
        }

        foreach (var (other, contested) in conflicts)
        {
            managed.Take(other, contested);
        }

        foreach (var other in managed.Writers.Where(other => other != writer).ToList())
        {
            managed.Take(other, comparison.Removed.Without(ignored));
        }
    }

    /// <summary>A thing is not taken away whole while someone owns a part of it.</summary>
    private static FieldTree WithoutOwnedBelow(FieldTree dropped, FieldTree owned)
    {
        var result = new FieldTree();
        foreach (var path in dropped.Paths())
        {
            var still = path.Aggregate<string, FieldTree?>(owned, (tree, element) => tree?.Find(element));
            if (still is null || still.IsEmpty)
            {
                path.Aggregate(result, (tree, element) => tree.At(element)).Insert();
            }
        }

        return result;
    }

    private static JsonObject Bare(JsonObject json)
    {
        var bare = json.Copy();
        (bare["metadata"] as JsonObject)?.Remove("managedFields");
        return bare;
    }
}
