using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A list; in a variable separated by commas.</summary>
internal sealed class ListType<T>(string words, KeyType<T> item) : KeyType<IReadOnlyList<T>>
{
    public override string Words => words;

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };

    public override RawNode FromVariable(string text, bool entry, Origin origin) =>
        entry ? throw new FormatException("a list is set as a whole, its entries separated by commas")
        : text.TrimStart().StartsWith('[') ? RawText.Read(text, origin)
        : new RawList(
            [
                .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(t => new RawScalar(t, plain: false, origin)),
            ],
            origin
        );

    public override bool TryRead(RawNode node, Reading at, out IReadOnlyList<T> value)
    {
        value = [];
        if (node is not RawList list)
        {
            at.FailAsNot(node, words);
            return false;
        }

        List<T> items = [];
        foreach (var raw in list.Items)
        {
            if (item.TryRead(raw, at.Entry($"{items.Count}"), out var read))
            {
                items.Add(read);
            }
        }

        value = items;
        return items.Count == list.Items.Count;
    }
}
