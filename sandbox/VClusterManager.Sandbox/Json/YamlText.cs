using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VClusterManager.Sandbox.Json;

/// <summary>YAML as the API takes it: a way to write JSON.</summary>
internal static class YamlText
{
    /// <summary>The first document; null when there is none.</summary>
    public static JsonNode? Parse(string text) => ParseAll(text).FirstOrDefault();

    public static IEnumerable<JsonNode?> ParseAll(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(document => Convert(document.RootNode));
    }

    private static JsonNode? Convert(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(child =>
                    KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", Convert(child.Value))
                )
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
            YamlScalarNode scalar => scalar.Value,
            _ => null,
        };

    private static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ when IsFloat(text) => double.Parse(text, CultureInfo.InvariantCulture),
            _ => text,
        };

    private static bool IsFloat(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
