using System.Text;

namespace VCluster.StandIn.CommandLine;

/// <summary>
/// A verb's help as the real CLI prints it. The flags a verb takes are read from this text, so that what the help says
/// and what is accepted cannot part.
/// </summary>
internal static class CommandHelp
{
    public static string Text(string verb, string configPath)
    {
        using var stream =
            typeof(CommandHelp).Assembly.GetManifestResourceStream($"help/{verb}")
            ?? throw new InvalidOperationException($"no help for {verb}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("{config}", configPath, StringComparison.Ordinal);
    }

    /// <summary>The line under "Usage:", which errors about arguments repeat.</summary>
    public static string UseLine(string help)
    {
        var lines = help.Split('\n');
        return lines[Array.IndexOf(lines, "Usage:") + 1].Trim();
    }

    /// <summary>Every flag in the text: <c>  -n, --namespace string    The kubernetes namespace to use</c>.</summary>
    public static IEnumerable<Flag> Flags(string help) =>
        from line in help.Split('\n')
        let text = line.TrimStart()
        where text.Length < line.Length && text.StartsWith('-')
        select ParseFlag(text);

    private static Flag ParseFlag(string text)
    {
        char? letter = text is ['-', var first and not '-', ',', ..] ? first : null;
        var start = text.IndexOf("--", StringComparison.Ordinal) + 2;
        var end = text.IndexOf("  ", start, StringComparison.Ordinal);
        var (name, type) = text[start..end].Split(' ', 2) is [var bare, var rest]
            ? (bare, rest)
            : (text[start..end], "");
        const string marker = "(default ";
        var marked = text.LastIndexOf(marker, StringComparison.Ordinal);
        var standard = marked < 0 ? "" : text[(marked + marker.Length)..].TrimEnd(')').Trim('"');
        var platform = text.Contains("[PLATFORM]", StringComparison.Ordinal);
        return new Flag(name, letter, Kind(type), standard, platform);
    }

    private static FlagKind Kind(string type) =>
        type switch
        {
            "" => FlagKind.Switch,
            "int" => FlagKind.Number,
            "strings" or "stringArray" => FlagKind.Many,
            "string" => FlagKind.Text,
            _ => FlagKind.Number,
        };
}
