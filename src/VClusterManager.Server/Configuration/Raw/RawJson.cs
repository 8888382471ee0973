using System.Globalization;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.Configuration.Raw;

/// <summary>A raw value as JSON, types told by YAML 1.2's core schema.</summary>
internal static class RawJson
{
    /// <param name="refuse">Told of what JSON cannot say: infinity and not-a-number.</param>
    public static JsonNode? Convert(RawNode node, Action<RawNode> refuse) =>
        node switch
        {
            RawMap map => new JsonObject(
                map.Entries.Where(e => !e.Value.IsNull)
                    .Select(e => KeyValuePair.Create(e.Key, Convert(e.Value, refuse)))
            ),
            RawList list => new JsonArray([.. list.Items.Select(i => Convert(i, refuse))]),
            RawScalar scalar => Scalar(scalar, refuse),
            _ => null,
        };

    private static JsonNode? Scalar(RawScalar scalar, Action<RawNode> refuse)
    {
        switch (scalar.Kind)
        {
            case ScalarKinds.None:
                return null;
            case ScalarKinds.Boolean:
                return scalar.IsTrue;
            case ScalarKinds.Number:
                var number = Number(scalar.Text);
                if (number is null)
                {
                    refuse(scalar);
                }

                return number;
            default:
                return scalar.Text;
        }
    }

    private static JsonNode? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal))
        {
            try
            {
                return System.Convert.ToInt64(text[2..], text[1] == 'x' ? 16 : 8);
            }
            catch (OverflowException)
            {
                return null;
            }
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real)
            ? real
            : null;
    }
}
