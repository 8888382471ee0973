using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace VClusterManager.Server.VCluster;

/// <summary>
/// Writes JSON as block YAML that every parser reads back as the same JSON: a string is quoted unless it is a plain word
/// that no YAML version takes for anything else; numbers are written as they came.
/// </summary>
internal static partial class ValuesYaml
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "nan",
        "inf",
    };

    public static string Write(JsonObject values)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        // Long strings are not folded: one value is one line.
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Node(emitter, values);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Node(IEmitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var style = map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
                emitter.Emit(new MappingStart(null, null, isImplicit: true, style));
                foreach (var (key, value) in map)
                {
                    Text(emitter, key);
                    Node(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                var listStyle = list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, listStyle));
                foreach (var item in list)
                    Node(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Text(emitter, value.GetValue<string>());
                break;
            default:
                Plain(emitter, node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Text(IEmitter emitter, string text)
    {
        if (PlainWord().IsMatch(text) && !Words.Contains(text))
            Plain(emitter, text);
        else
            emitter.Emit(
                new YamlScalar(
                    null,
                    null,
                    text,
                    ScalarStyle.DoubleQuoted,
                    isPlainImplicit: false,
                    isQuotedImplicit: true
                )
            );
    }

    private static void Plain(IEmitter emitter, string text) =>
        emitter.Emit(
            new YamlScalar(null, null, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false)
        );

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_./-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainWord();
}
