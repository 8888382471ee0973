using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Patching;

/// <summary>
/// Kubernetes' own merge: as a merge patch, but lists whose items have a key are merged by it, as the types declare,
/// and directives (<c>$patch</c>, <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>, <c>$retainKeys</c>) say more.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";
    private const string ElementOrder = "$setElementOrder/";
    private const string RetainKeys = "$retainKeys";

    public static JsonObject Apply(JsonObject target, JsonObject patch, StructShape? shape)
    {
        if (patch.Text(Directive) == "replace")
        {
            var replaced = patch.Copy();
            replaced.Remove(Directive);
            return replaced;
        }

        if (patch.Text(Directive) == "delete")
        {
            return [];
        }

        DropUnretained(target, patch);
        foreach (var (name, value) in patch)
        {
            ApplyMember(target, patch, name, value, shape);
        }

        return target;
    }

    private static void ApplyMember(
        JsonObject target,
        JsonObject patch,
        string name,
        JsonNode? value,
        StructShape? shape
    )
    {
        if (name.StartsWith(DeleteFromList, StringComparison.Ordinal))
        {
            DeletePrimitives(target, name[DeleteFromList.Length..], value as JsonArray);
            return;
        }

        if (name.StartsWith('$'))
        {
            return;
        }

        var field = shape?.Find(name);
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject inner:
                var below = field?.Type is { IsStruct: true } type ? type.Struct : null;
                target[name] = Apply((target[name] as JsonObject)?.Copy() ?? [], inner, below);
                break;
            case JsonArray items when field is { MergePatch: true, PatchKey: { } key }:
                target[name] = MergeList(target[name] as JsonArray, items, key, field.Type.Element!.Struct);
                Order(target, name, item => item.At(key), patch[ElementOrder + name] as JsonArray);
                break;
            case JsonArray items when field is { MergePatch: true }:
                target[name] = MergeSet(target[name] as JsonArray, items);
                Order(target, name, item => item, patch[ElementOrder + name] as JsonArray);
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeList(JsonArray? current, JsonArray patch, string key, StructShape shape)
    {
        if (patch.OfType<JsonObject>().Any(item => item.Text(Directive) == "replace"))
        {
            return new JsonArray([
                .. patch
                    .OfType<JsonObject>()
                    .Where(item => item.Text(Directive) is null)
                    .Select(item => item.DeepClone()),
            ]);
        }

        var result = (JsonArray?)current?.DeepClone() ?? [];
        foreach (var item in patch.OfType<JsonObject>())
        {
            var existing = result
                .OfType<JsonObject>()
                .FirstOrDefault(other => JsonNode.DeepEquals(other[key], item[key]));
            if (item.Text(Directive) == "delete")
            {
                result.Remove(existing);
            }
            else if (existing is null)
            {
                result.Add(Apply([], item, shape));
            }
            else
            {
                result[result.IndexOf(existing)] = Apply(existing.Copy(), item, shape);
            }
        }

        return result;
    }

    private static JsonArray MergeSet(JsonArray? current, JsonArray patch)
    {
        var result = (JsonArray?)current?.DeepClone() ?? [];
        foreach (var item in patch.Where(item => !result.Any(other => JsonNode.DeepEquals(other, item))))
        {
            result.Add(item?.DeepClone());
        }

        return result;
    }

    private static void DeletePrimitives(JsonObject target, string name, JsonArray? values)
    {
        if (target[name] is JsonArray items && values is not null)
        {
            target[name] = new JsonArray([
                .. items
                    .Where(item => !values.Any(value => JsonNode.DeepEquals(value, item)))
                    .Select(item => item?.DeepClone()),
            ]);
        }
    }

    /// <summary>Items named in the order come in that order; the others keep their places.</summary>
    private static void Order(JsonObject target, string name, Func<JsonNode?, JsonNode?> keyOf, JsonArray? order)
    {
        if (order is null || target[name] is not JsonArray items)
        {
            return;
        }

        var wanted = order.Select(keyOf).ToList();
        int Rank(JsonNode? item) => wanted.FindIndex(value => JsonNode.DeepEquals(value, keyOf(item)));
        var ordered = new Queue<JsonNode?>(items.Where(item => Rank(item) >= 0).OrderBy(Rank));
        target[name] = new JsonArray([
            .. items.Select(item => Rank(item) >= 0 ? ordered.Dequeue()?.DeepClone() : item?.DeepClone()).ToList(),
        ]);
    }

    private static void DropUnretained(JsonObject target, JsonObject patch)
    {
        if (patch[RetainKeys] is not JsonArray retained)
        {
            return;
        }

        var names = retained.Select(item => item.Text()).ToHashSet();
        foreach (var name in target.Select(member => member.Key).Where(name => !names.Contains(name)).ToList())
        {
            target.Remove(name);
        }
    }
}
