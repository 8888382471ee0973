using System.Buffers.Text;
using System.Text.Json;

namespace VClusterManager.Server.Http.Requests;

/// <summary>
/// Where a page ended: the sort key of its last entry, so that a page begins after it whatever was added or taken away
/// meanwhile. Opaque to callers, who send back what they were given.
/// </summary>
internal static class Cursor
{
    private const int MaxLength = 2048;

    /// <param name="key">The values of the last entry's sort key, in order; together they are unique.</param>
    public static string Encode(params IReadOnlyList<string> key) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key));

    /// <returns><see langword="null"/>: none of ours.</returns>
    public static IReadOnlyList<string>? Decode(string cursor)
    {
        if (cursor.Length > MaxLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        try
        {
            var key = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor));
            return key is { Length: > 0 } && key.All(k => k is not null) ? [.. key.OfType<string>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
