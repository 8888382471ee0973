using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Json;

/// <summary>Reads and writes in JSON trees by path, without exceptions for what is not there or of another type.</summary>
internal static class JsonAccess
{
    /// <summary>The node under a chain of member names, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : null;

    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? (long)ToDouble(value) : null;

    /// <summary>The number, whichever type it was made from.</summary>
    public static double ToDouble(this JsonValue value) =>
        value.TryGetValue(out double number) ? number
        : value.TryGetValue(out long whole) ? whole
        : value.TryGetValue(out int small) ? small
        : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static JsonObject? Object(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) as JsonObject;

    public static JsonArray? Array(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    /// <summary>The objects in the array under a path; nothing when there is none.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings in the array under a path; nothing when there is none.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.Select(item => item.Text()).OfType<string>() ?? [];

    /// <summary>The object under a member name, made when it is not there.</summary>
    public static JsonObject Ensure(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject existing)
        {
            return existing;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    /// <summary>Sets a member unless it is there and not null.</summary>
    public static void Default(this JsonObject parent, string name, JsonNode value)
    {
        if (parent[name] is null)
        {
            parent[name] = value;
        }
    }

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    /// <summary>A copy for use in another tree (a node has one parent).</summary>
    public static JsonNode? CopyOf(JsonNode? node) => node?.DeepClone();
}
