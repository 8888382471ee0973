using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Json;

/// <summary>
/// Writes JSON byte for byte as Go's encoder does: HTML characters escaped, everything else beyond ASCII as it is,
/// two spaces of indentation when pretty.
/// </summary>
internal static class GoJson
{
    /// <summary>One object on one line, as it stands in a watch or an answer to a program.</summary>
    public static byte[] Compact(JsonNode? node) => Write(node, pretty: false);

    /// <summary>Indented, as the API server answers curl and browsers.</summary>
    public static byte[] Pretty(JsonNode? node) => Write(node, pretty: true);

    private static byte[] Write(JsonNode? node, bool pretty)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        WriteNode(output, node, pretty ? 0 : -1);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteNode(ArrayBufferWriter<byte> output, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonObject members:
                WriteObject(output, members, depth);
                break;
            case JsonArray items:
                WriteArray(output, items, depth);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteString(output, value.GetValue<string>());
                break;
            default:
                Encoding.UTF8.GetBytes(node.ToJsonString(), output);
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonObject members, int depth)
    {
        if (members.Count == 0)
        {
            output.Write("{}"u8);
            return;
        }

        output.Write("{"u8);
        var inner = depth < 0 ? -1 : depth + 1;
        var first = true;
        foreach (var (name, value) in members)
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            WriteBreak(output, inner);
            WriteString(output, name);
            output.Write(depth < 0 ? ":"u8 : ": "u8);
            WriteNode(output, value, inner);
        }

        WriteBreak(output, depth);
        output.Write("}"u8);
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonArray items, int depth)
    {
        if (items.Count == 0)
        {
            output.Write("[]"u8);
            return;
        }

        output.Write("["u8);
        var inner = depth < 0 ? -1 : depth + 1;
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteBreak(output, inner);
            WriteNode(output, items[i], inner);
        }

        WriteBreak(output, depth);
        output.Write("]"u8);
    }

    private static void WriteBreak(ArrayBufferWriter<byte> output, int depth)
    {
        if (depth < 0)
        {
            return;
        }

        output.Write("\n"u8);
        var indent = output.GetSpan(depth * 2)[..(depth * 2)];
        indent.Fill((byte)' ');
        output.Advance(indent.Length);
    }

    private static void WriteString(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        var plainFrom = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Escape(text[i]) is { } escaped)
            {
                Encoding.UTF8.GetBytes(text.AsSpan(plainFrom, i - plainFrom), output);
                Encoding.UTF8.GetBytes(escaped, output);
                plainFrom = i + 1;
            }
        }

        Encoding.UTF8.GetBytes(text.AsSpan(plainFrom), output);
        output.Write("\""u8);
    }

    private static string? Escape(char character) =>
        character switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            '<' or '>' or '&' or '\u2028' or '\u2029' or < ' ' => "\\u"
                + ((int)character).ToString("x4", CultureInfo.InvariantCulture),
            _ => null,
        };
}
