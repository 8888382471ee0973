using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A map whose content is somebody else's business: it is taken over as JSON.</summary>
internal sealed class FreeMapType(string words) : KeyType<JsonObject>
{
    public override string Words => words;

    public override JsonObject Schema() => new() { ["type"] = "object" };

    public override RawNode FromVariable(string text, bool entry, Origin origin) => RawText.Read(text, origin);

    public override bool TryRead(RawNode node, Reading at, out JsonObject value)
    {
        value = [];
        if (node is not RawMap)
        {
            at.FailAsNot(node, words);
            return false;
        }

        var representable = true;
        value = (JsonObject)
            RawJson.Convert(
                node,
                number =>
                {
                    at.FailAsNot(number, "a number that JSON can say");
                    representable = false;
                }
            )!;
        return representable;
    }
}
