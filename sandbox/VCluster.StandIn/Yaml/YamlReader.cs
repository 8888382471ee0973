using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VCluster.StandIn.Yaml;

/// <summary>
/// Reads YAML into JSON nodes the way the Go tools do (YAML 1.1 words and numbers, JSON types only). It works on parser
/// events, not on the object mapper, because that one costs most of the time such a short process has.
/// </summary>
internal static class YamlReader
{
    /// <summary>The single document in <paramref name="text"/>; null when it is empty.</summary>
    /// <exception cref="YamlTextException">The text is not YAML; the message is worded as Go's.</exception>
    public static JsonNode? Read(string text) =>
        text.StartsWith('{') ? ReadJson(text)
        : ReadAll(text) is [var first, ..] ? first
        : null;

    /// <summary>Every document of a stream, the empty ones left out.</summary>
    /// <exception cref="YamlTextException">The text is not YAML; the message is worded as Go's.</exception>
    public static List<JsonNode> ReadAll(string text)
    {
        try
        {
            var documents = new List<JsonNode>();
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                if (ReadNode(parser, []) is { } node)
                {
                    documents.Add(node);
                }

                parser.Consume<DocumentEnd>();
            }

            return documents;
        }
        catch (YamlException exception)
        {
            throw YamlTextException.From(exception);
        }
    }

    /// <summary>JSON is YAML too, and faster to read; what only looks like it is read as YAML.</summary>
    private static JsonNode? ReadJson(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return ReadAll(text) is [var first, ..] ? first : null;
        }
    }

    private static JsonNode? ReadNode(Parser parser, Dictionary<string, JsonNode?> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out var known)
                ? known?.DeepClone()
                : throw new YamlTextException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
        }

        var start = parser.Accept<NodeEvent>(out var node) ? node : throw new YamlTextException("yaml: unexpected end");
        JsonNode? value = start switch
        {
            MappingStart => ReadMapping(parser, anchors),
            SequenceStart => ReadSequence(parser, anchors),
            _ => ReadScalar(parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor.Value] = value?.DeepClone();
        }

        return value;
    }

    private static JsonArray ReadSequence(Parser parser, Dictionary<string, JsonNode?> anchors)
    {
        parser.Consume<SequenceStart>();
        var items = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, anchors));
        }

        return items;
    }

    private static JsonObject ReadMapping(Parser parser, Dictionary<string, JsonNode?> anchors)
    {
        parser.Consume<MappingStart>();
        var mapping = new JsonObject();
        var merged = new List<JsonNode?>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            var value = ReadNode(parser, anchors);
            if (key.Value == "<<" && key.Style == ScalarStyle.Plain)
            {
                merged.Add(value);
            }
            else if (mapping.ContainsKey(key.Value))
            {
                throw new YamlTextException(
                    $"yaml: unmarshal errors:\n  line {key.Start.Line}: key \"{key.Value}\" already set in map"
                );
            }
            else
            {
                mapping[key.Value] = value;
            }
        }

        foreach (var other in merged)
        {
            Merge(mapping, other);
        }

        return mapping;
    }

    private static void Merge(JsonObject mapping, JsonNode? other)
    {
        foreach (var source in other is JsonArray list ? list.OfType<JsonObject>() : [other as JsonObject ?? []])
        {
            foreach (var (key, value) in source)
            {
                if (!mapping.ContainsKey(key))
                {
                    mapping[key] = value?.DeepClone();
                }
            }
        }
    }

    private static JsonNode? ReadScalar(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty
            ? YamlScalar.Resolve(scalar.Value)
            : JsonValue.Create(scalar.Value);
}
