using System.Globalization;
using System.Text.Json;

namespace VClusterManager.Sandbox.Json;

/// <summary>Says of broken JSON what Go's decoder would say.</summary>
internal static class GoJsonErrors
{
    public static string Describe(JsonException exception, string text)
    {
        var at = Position(exception, text);
        return at >= text.TrimEnd().Length
            ? "unexpected end of JSON input"
            : $"invalid character '{Quote(text[at])}' looking for beginning of value";
    }

    private static int Position(JsonException exception, string text)
    {
        var line = exception.LineNumber ?? 0;
        var start = 0;
        for (var i = 0; i < line; i++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        return (int)Math.Min(text.Length, start + (exception.BytePositionInLine ?? 0));
    }

    public static string Quote(char character) =>
        char.IsControl(character) || character > '~'
            ? "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture)
            : character.ToString();
}
