using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A map from names to values; entries in the file are merged over the default ones, null takes one away.</summary>
/// <param name="nameWords">Completes "must be ..." for the names.</param>
internal sealed class MapType<T>(string words, string nameWords, Regex names, KeyType<T> entry)
    : KeyType<IReadOnlyDictionary<string, T>>
{
    public override string Words => words;

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = names.ToString() },
            ["additionalProperties"] = Nullable(entry.Schema()),
        };

    public override RawNode FromVariable(string text, bool isEntry, Origin origin) =>
        isEntry ? entry.FromVariable(text, entry: false, origin) : RawText.Read(text, origin);

    public override bool TryRead(RawNode node, Reading at, out IReadOnlyDictionary<string, T> value)
    {
        OrderedDictionary<string, T> read = [];
        value = read;
        if (node is not RawMap map)
        {
            at.FailAsNot(node, words);
            return false;
        }

        var allRead = true;
        foreach (var (name, raw) in map.Entries.Where(e => !e.Value.IsNull))
        {
            if (!names.IsMatch(name))
            {
                at.Entry(name).Fail(raw, $"the name \"{name}\" must be {nameWords}");
                allRead = false;
            }
            else if (entry.TryRead(raw, at.Entry(name), out var one))
            {
                read.Add(name, one);
            }
            else
            {
                allRead = false;
            }
        }

        return allRead;
    }

    private static JsonObject Nullable(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
}
