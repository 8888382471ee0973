using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Json;

/// <summary>Reads JSON in which a field may stand more than once: the last one counts, and all are told of.</summary>
internal static class RepeatedFields
{
    public static (JsonNode? Json, IReadOnlyList<string> Repeated) Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        var repeated = new List<string>();
        return (Read(document.RootElement, "", repeated), repeated);
    }

    private static JsonNode? Read(JsonElement element, string path, List<string> repeated) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => ReadObject(element, path, repeated),
            JsonValueKind.Array => new JsonArray([
                .. element.EnumerateArray().Select((item, index) => Read(item, $"{path}[{index}]", repeated)),
            ]),
            JsonValueKind.Null => null,
            _ => JsonValue.Create(element.Clone()),
        };

    private static JsonObject ReadObject(JsonElement element, string path, List<string> repeated)
    {
        var json = new JsonObject();
        foreach (var property in element.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (json.ContainsKey(property.Name))
            {
                repeated.Add(at);
            }

            json[property.Name] = Read(property.Value, at, repeated);
        }

        return json;
    }
}
