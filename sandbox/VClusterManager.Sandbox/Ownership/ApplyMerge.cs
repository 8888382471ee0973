using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>The three moves of an apply: which fields a configuration names, laying it over what is there, taking away.</summary>
internal static class ApplyMerge
{
    /// <summary>The fields that an applied configuration names.</summary>
    public static FieldTree FieldsOf(JsonObject config, FieldLayout layout)
    {
        var fields = new FieldTree();
        CollectMembers(config, layout, fields);
        return fields;
    }

    /// <summary>What is there with the configuration laid over it.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject config, FieldLayout layout)
    {
        var result = live.Copy();
        foreach (var (name, value) in config)
        {
            result[name] = MergeValue(result[name], value, layout.Member(name));
        }

        return result;
    }

    /// <summary>Takes the fields away, and with them list items and members that are fields themselves.</summary>
    public static void Remove(JsonObject json, FieldTree fields, FieldLayout layout)
    {
        foreach (var (element, below) in fields.Children)
        {
            var name = element[2..];
            if (!element.StartsWith("f:", StringComparison.Ordinal) || !json.ContainsKey(name))
            {
                continue;
            }

            var member = layout.Member(name);
            if (below.IsMember)
            {
                json.Remove(name);
            }
            else if (json[name] is JsonObject inner)
            {
                Remove(inner, below, member);
            }
            else if (json[name] is JsonArray items && member.Form is FieldForm.KeyedItems or FieldForm.PlainItems)
            {
                RemoveItems(items, below, member);
            }
        }
    }

    private static void RemoveItems(JsonArray items, FieldTree fields, FieldLayout layout)
    {
        foreach (var item in items.ToList())
        {
            if (layout.ElementOf(item) is not { } element || fields.Find(element) is not { } below)
            {
                continue;
            }

            if (below.IsMember)
            {
                items.Remove(item);
            }
            else if (item is JsonObject inner)
            {
                Remove(inner, below, layout.Item());
            }
        }
    }

    private static void Collect(JsonNode? value, FieldLayout layout, FieldTree at)
    {
        switch (layout.Form)
        {
            case FieldForm.Members or FieldForm.Untyped when value is JsonObject members:
                CollectMembers(members, layout, at);
                break;
            case FieldForm.KeyedItems or FieldForm.PlainItems when value is JsonArray { Count: > 0 } items:
                foreach (var item in items)
                {
                    if (layout.ElementOf(item) is { } element)
                    {
                        Collect(item, layout.Item(), at.At(element));
                        at.At(element).Insert();
                    }
                }

                break;
            default:
                at.Insert();
                break;
        }
    }

    private static void CollectMembers(JsonObject members, FieldLayout layout, FieldTree at)
    {
        var isMap = layout.Type is null or { Kind: Schema.TypeKind.Map };
        foreach (var (name, value) in members)
        {
            var below = at.At($"f:{name}");
            Collect(value, layout.Member(name), below);
            if (
                value is null or JsonObject { Count: 0 }
                || (isMap && layout.Form != FieldForm.Untyped && layout.Type is not null)
            )
            {
                below.Insert();
            }
        }
    }

    private static JsonNode? MergeValue(JsonNode? live, JsonNode? config, FieldLayout layout) =>
        (layout.Form, live, config) switch
        {
            (FieldForm.Members or FieldForm.Untyped, JsonObject before, JsonObject after) => Merge(
                before,
                after,
                layout
            ),
            (FieldForm.KeyedItems or FieldForm.PlainItems, JsonArray before, JsonArray after) => MergeItems(
                before,
                after,
                layout
            ),
            _ => config?.DeepClone(),
        };

    private static JsonArray MergeItems(JsonArray live, JsonArray config, FieldLayout layout)
    {
        var result = (JsonArray)live.DeepClone();
        foreach (var item in config)
        {
            var element = layout.ElementOf(item);
            var at = result.ToList().FindIndex(other => element is not null && layout.ElementOf(other) == element);
            if (at < 0)
            {
                result.Add(item?.DeepClone());
            }
            else
            {
                result[at] = MergeValue(result[at]?.DeepClone(), item, layout.Item());
            }
        }

        return result;
    }
}
