using System.Text.Json;

namespace VClusterManager.Server.Observability;

/// <summary>
/// Labels of metrics. Each value makes a series of its own that is kept for ever, so a label is one of a few words that this
/// program knows: never a cluster, a person, a path or anything else that somebody else has named.
/// </summary>
internal static class Label
{
    public static KeyValuePair<string, object?> Of(string name, string value) => new(name, value);

    public static KeyValuePair<string, object?> Of(string name, int value) => new(name, value);

    /// <summary>In the words of the API: <c>volume_claim</c>.</summary>
    public static KeyValuePair<string, object?> Of<T>(string name, T value)
        where T : struct, Enum => new(name, JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
