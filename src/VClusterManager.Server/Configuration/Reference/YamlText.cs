using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Reference;

/// <summary>Writes values as YAML for people to read.</summary>
internal static partial class YamlText
{
    /// <summary>As it stands behind a colon; maps and lists in one line.</summary>
    public static string Inline(JsonNode? value) =>
        value switch
        {
            null => "",
            JsonObject map => $"{{{string.Join(", ", map.Select(e => $"{Word(e.Key)}: {Inline(e.Value)}"))}}}",
            JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
            _ when value.GetValueKind() == JsonValueKind.String => Word(value.GetValue<string>()),
            _ => value.ToJsonString(),
        };

    /// <summary>A key and its value: maps and lists that are not empty in block style.</summary>
    public static IEnumerable<string> Entry(string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                return [$"{Word(name)}:", .. map.SelectMany(e => Entry(e.Key, e.Value)).Select(l => "  " + l)];
            case JsonArray { Count: > 0 } list:
                return [$"{Word(name)}:", .. list.Select(i => $"  - {Inline(i)}")];
            default:
                return [$"{Word(name)}: {Inline(value)}".TrimEnd()];
        }
    }

    private static string Word(string text) =>
        PlainWord.IsMatch(text) && new RawScalar(text, plain: true, Origin.Default).Kind == ScalarKinds.Text
            ? text
            : JsonSerializer.Serialize(text, Relaxed);

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(
        "^[A-Za-z0-9/]([A-Za-z0-9_./:-]*[A-Za-z0-9_./-])?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PlainWord { get; }
}
