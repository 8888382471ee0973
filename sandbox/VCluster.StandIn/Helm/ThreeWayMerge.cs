using System.Text.Json.Nodes;

namespace VCluster.StandIn.Helm;

/// <summary>
/// What an upgrade changes in a live object: what the new manifest says wins, what only the old manifest said goes, and
/// what neither speaks of (defaults, status, what controllers and people added) stays. Lists whose items have a name are
/// merged by it, as the API's strategic merge does, so that defaults inside containers survive.
/// </summary>
internal static class ThreeWayMerge
{
    private static readonly string[] ItemKeys = ["name", "mountPath", "ip"];

    /// <summary>A JSON merge patch for the live object; null when nothing is to be done.</summary>
    public static JsonObject? Patch(JsonObject before, JsonObject after, JsonObject live)
    {
        var wanted = MergeObject(before, after, live);
        return Difference(live, wanted);
    }

    private static JsonObject MergeObject(JsonObject? before, JsonObject after, JsonObject live)
    {
        var merged = live.DeepClone().AsObject();
        foreach (var (key, _) in before ?? [])
        {
            if (!after.ContainsKey(key))
            {
                merged.Remove(key);
            }
        }

        foreach (var (key, value) in after)
        {
            merged[key] = MergeNode(before?[key], value, live[key]);
        }

        return merged;
    }

    private static JsonNode? MergeNode(JsonNode? before, JsonNode? after, JsonNode? live) =>
        (after, live) switch
        {
            (JsonObject next, JsonObject now) => MergeObject(before as JsonObject, next, now),
            (JsonArray next, JsonArray now) => MergeList(before as JsonArray ?? [], next, now),
            _ => after?.DeepClone(),
        };

    private static JsonArray MergeList(JsonArray before, JsonArray after, JsonArray live)
    {
        if (KeyOf(after) is { } key && KeyOf(live) == key)
        {
            return MergeByKey(key, before, after, live);
        }

        if (after.Count == live.Count && after.All(item => item is JsonObject))
        {
            var items = after.Select((item, i) => MergeNode(i < before.Count ? before[i] : null, item, live[i]));
            return [.. items];
        }

        return after.DeepClone().AsArray();
    }

    private static JsonArray MergeByKey(string key, JsonArray before, JsonArray after, JsonArray live)
    {
        var merged = new JsonArray();
        foreach (var item in after)
        {
            merged.Add(
                Find(live, key, item) is { } now ? MergeNode(Find(before, key, item), item, now) : item!.DeepClone()
            );
        }

        foreach (var item in live)
        {
            if (Find(after, key, item) is null && Find(before, key, item) is null)
            {
                merged.Add(item!.DeepClone());
            }
        }

        return merged;
    }

    private static string? KeyOf(JsonArray list) =>
        list.Count == 0
            ? null
            : ItemKeys.FirstOrDefault(key => list.All(item => item is JsonObject entry && entry[key] is JsonValue));

    private static JsonNode? Find(JsonArray list, string key, JsonNode? like) =>
        list.FirstOrDefault(item => JsonNode.DeepEquals((item as JsonObject)?[key], (like as JsonObject)?[key]));

    private static JsonObject? Difference(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (key, _) in from)
        {
            if (!to.ContainsKey(key))
            {
                patch[key] = null;
            }
        }

        foreach (var (key, value) in to)
        {
            if (JsonNode.DeepEquals(from[key], value))
            {
                continue;
            }

            patch[key] =
                from[key] is JsonObject old && value is JsonObject now ? Difference(old, now) : value?.DeepClone();
        }

        return patch.Count == 0 ? null : patch;
    }
}
