using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Patching;

/// <summary>RFC 6902: a list of operations, all of which fit or none is done.</summary>
internal static class JsonPatch
{
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        // A root of its own, so that a path can name the whole document.
        var root = new JsonObject { ["root"] = target };
        foreach (var operation in operations)
        {
            Apply(root, operation as JsonObject ?? throw Refusals.PatchRejected());
        }

        var result = root["root"] as JsonObject ?? throw Refusals.PatchRejected();
        root.Remove("root");
        return result;
    }

    private static void Apply(JsonObject root, JsonObject operation)
    {
        var path = Parse(operation.Text("path"));
        switch (operation.Text("op"))
        {
            case "add":
                Add(root, path, operation["value"]?.DeepClone());
                break;
            case "remove":
                Remove(root, path);
                break;
            case "replace":
                Remove(root, path);
                Add(root, path, operation["value"]?.DeepClone());
                break;
            case "move":
                var moved = Remove(root, Parse(operation.Text("from")));
                Add(root, path, moved);
                break;
            case "copy":
                Add(root, path, Find(root, Parse(operation.Text("from")))?.DeepClone());
                break;
            case "test" when JsonNode.DeepEquals(Find(root, path), operation["value"]):
                break;
            default:
                throw Refusals.PatchRejected();
        }
    }

    private static string[] Parse(string? pointer)
    {
        if (pointer is null || (pointer.Length > 0 && pointer[0] != '/'))
        {
            throw Refusals.PatchRejected();
        }

        return
        [
            "root",
            .. pointer
                .Split('/')
                .Skip(1)
                .Select(part =>
                    part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                ),
        ];
    }

    private static JsonNode? Find(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject members when members.TryGetPropertyValue(part, out var value) => value,
                JsonArray items => items[Index(part, items.Count - 1)],
                _ => throw Refusals.PatchRejected(),
            };
        }

        return node;
    }

    private static void Add(JsonObject root, string[] path, JsonNode? value)
    {
        switch (Find(root, path.AsSpan(..^1)))
        {
            case JsonObject members:
                members[path[^1]] = value;
                break;
            case JsonArray items when path[^1] == "-":
                items.Add(value);
                break;
            case JsonArray items:
                items.Insert(Index(path[^1], items.Count), value);
                break;
            default:
                throw Refusals.PatchRejected();
        }
    }

    private static JsonNode? Remove(JsonObject root, string[] path)
    {
        switch (Find(root, path.AsSpan(..^1)))
        {
            case JsonObject members when members.TryGetPropertyValue(path[^1], out var value):
                members.Remove(path[^1]);
                return value;
            case JsonArray items:
                var index = Index(path[^1], items.Count - 1);
                var item = items[index];
                items.RemoveAt(index);
                return item;
            default:
                throw Refusals.PatchRejected();
        }
    }

    private static int Index(string part, int last) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last
            ? index
            : throw Refusals.PatchRejected();
}
