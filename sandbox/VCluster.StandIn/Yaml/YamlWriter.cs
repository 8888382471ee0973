using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Yaml;

/// <summary>
/// Writes JSON nodes as the Go tools write YAML: keys sorted, two spaces, list items at the level of their key. The
/// hash over the values in the pod template depends on every byte of it. Long lines are not folded.
/// </summary>
internal static class YamlWriter
{
    /// <summary>The document, with a line end at its end.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteNode(text, node, 0, startsLine: true);
        return text.ToString();
    }

    private static void WriteNode(StringBuilder text, JsonNode? node, int indent, bool startsLine)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                WriteMapping(text, mapping, indent, startsLine);
                break;
            case JsonArray { Count: > 0 } sequence:
                WriteSequence(text, sequence, indent, startsLine);
                break;
            default:
                text.Append(Scalar(node, indent)).Append('\n');
                break;
        }
    }

    private static void WriteMapping(StringBuilder text, JsonObject mapping, int indent, bool startsLine)
    {
        foreach (var (key, value) in mapping.OrderBy(pair => pair.Key, GoKeyOrder.Instance))
        {
            if (startsLine)
            {
                text.Append(' ', indent);
            }

            startsLine = true;
            text.Append(YamlText.Inline(key)).Append(':');
            if (value is JsonObject { Count: > 0 })
            {
                text.Append('\n');
                WriteNode(text, value, indent + 2, startsLine: true);
            }
            else if (value is JsonArray { Count: > 0 })
            {
                text.Append('\n');
                WriteNode(text, value, indent, startsLine: true);
            }
            else
            {
                text.Append(' ').Append(Scalar(value, indent + 2)).Append('\n');
            }
        }
    }

    private static void WriteSequence(StringBuilder text, JsonArray sequence, int indent, bool startsLine)
    {
        foreach (var item in sequence)
        {
            if (startsLine)
            {
                text.Append(' ', indent);
            }

            startsLine = true;
            text.Append("- ");
            WriteNode(text, item, indent + 2, startsLine: false);
        }
    }

    private static string Scalar(JsonNode? node, int indent) =>
        node switch
        {
            null => "null",
            JsonObject => "{}",
            JsonArray => "[]",
            _ when node.GetValueKind() == JsonValueKind.String => YamlText.Block(node.GetValue<string>(), indent),
            _ => node.ToJsonString(),
        };
}
