using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The objects of a YAML file, as JSON.</summary>
internal static class YamlObjects
{
    public static IReadOnlyList<JsonObject> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Node(document.RootNode)).OfType<JsonObject>()];
    }

    /// <summary>Which object it is.</summary>
    public static string IdOf(JsonObject item) =>
        $"{item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Node(entry.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
            YamlScalarNode text => JsonValue.Create(text.Value!),
            _ => throw new InvalidDataException($"{node} is no node of an object."),
        };

    private static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "null" or "~" => null,
            "true" or "false" => JsonValue.Create(text == "true"),
            _ when int.TryParse(text, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
}
