using System.Text;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Text from outside (a tool's output) that any database takes: PostgreSQL refuses NUL, and half a surrogate pair is no
/// character in UTF-8.
/// </summary>
internal static class StorableText
{
    public static string Clean(string text)
    {
        if (IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as the replacement character already.
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }

    private static bool IsClean(string text) =>
        !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0');
}
