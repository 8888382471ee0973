using System.Text.Json;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Values;

/// <summary>What Go's JSON decoder calls things in its errors, and what it takes for what.</summary>
internal static class GoTypes
{
    /// <summary>What the value is: <c>string</c>, <c>number</c>, <c>bool</c>, <c>array</c>, <c>object</c>.</summary>
    public static string NameOf(JsonNode? node) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            _ => "null",
        };

    /// <summary>The type that a default value gives away.</summary>
    public static string TypeOf(JsonNode? standard) =>
        NameOf(standard) switch
        {
            "string" => standard!.GetValue<string>() == "auto" ? "switch" : "string",
            "bool" => "bool",
            "number" => "int",
            "array" => "list",
            "object" => standard!.AsObject().Count == 0 ? "map" : "struct",
            _ => "any",
        };

    /// <summary>Whether a value fits a type; structs and maps are looked into by the caller.</summary>
    public static bool Fits(string type, JsonNode node) =>
        (type, NameOf(node)) switch
        {
            ("any", _) => true,
            ("switch", "string" or "bool") => true,
            ("string", "string") or ("bool", "bool") => true,
            ("int" or "int32", "number") => !node.ToJsonString().Contains('.'),
            ("list" or "[]string", "array") => true,
            ("struct" or "map" or "map[string]string", "object") => true,
            _ => false,
        };

    /// <summary>How the decoder writes a type.</summary>
    public static string Written(string type, string structName) =>
        type switch
        {
            "switch" => "config.StrBool",
            "list" => "[]interface {}",
            "map" => "map[string]interface {}",
            "struct" => "config." + structName,
            _ => type,
        };
}
