using System.Text.RegularExpressions;

namespace VClusterManager.Server.Processes;

/// <summary>What tools print, made fit for people.</summary>
internal static partial class ToolText
{
    /// <summary>Takes colour codes, cursor movements and window titles out; vcluster prints colours even into a pipe.</summary>
    public static string WithoutColours(string text) =>
        text.Contains('\e', StringComparison.Ordinal) ? Escapes().Replace(text, "") : text;

    // Control sequences (ESC [ ... letter), operating system commands (ESC ] ... BEL or ESC \), and two-byte escapes.
    [GeneratedRegex(
        @"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)?|[@-Z\\^_])",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Escapes();
}
