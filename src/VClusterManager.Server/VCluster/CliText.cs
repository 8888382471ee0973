using System.Text.RegularExpressions;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>Reads the CLI's lines (<c>HH:MM:SS level text</c>, with colour codes) and makes them fit for people.</summary>
internal static partial class CliText
{
    private const int LongestMessage = 1000;

    /// <param name="Level"><c>info, done, warn, error, fatal, debug</c>; empty for text that stands before any of them.</param>
    internal readonly record struct Entry(string Level, string Text);

    public static IReadOnlyList<Entry> Entries(string output)
    {
        var entries = new List<Entry>();
        foreach (var line in ToolText.WithoutColours(output).Split('\n'))
        {
            var stamped = StampedLine().Match(line);
            if (stamped.Success)
                entries.Add(new Entry(stamped.Groups["level"].Value, stamped.Groups["text"].Value));
            else if (entries.Count > 0)
                entries[^1] = entries[^1] with { Text = $"{entries[^1].Text}\n{line}" };
            else if (!string.IsNullOrWhiteSpace(line))
                entries.Add(new Entry("", line));
        }

        return entries;
    }

    /// <summary>Takes out what only a terminal's user needs: hints, helm's command line, temporary paths, stack traces.</summary>
    public static string Clean(string text)
    {
        text = HelmCommand().Replace(ToolText.WithoutColours(text), "");
        text = HelmNoise().Replace(text, "");
        text = DecoderNoise().Replace(text, "");
        text = TemporaryPath().Replace(text, "${file}");
        text = string.Join(' ', Sentences(text)).Trim();
        return text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage - 1), "…");
    }

    private static IEnumerable<string> Sentences(string text)
    {
        var lines = text.Split('\n');
        var bullets = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            var frame = i + 1 < lines.Length && StackFrame().IsMatch(lines[i + 1]);
            if (
                line.Length == 0
                || frame
                || StackFrame().IsMatch(lines[i])
                || line.StartsWith("- Use ", StringComparison.Ordinal)
            )
                continue;
            var bullet = line.StartsWith("* ", StringComparison.Ordinal);
            yield return bullet && bullets++ > 0 ? $"/ {line[2..]}"
            : bullet ? line[2..]
            : line;
        }
    }

    [GeneratedRegex(
        @"^(?:\d\d:\d\d:\d\d )?(?<level>info|done|warn|error|fatal|debug) +(?<text>.*)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex StampedLine();

    [GeneratedRegex(@"error executing helm [^\n]*?: ", RegexOptions.NonBacktracking)]
    private static partial Regex HelmCommand();

    [GeneratedRegex(
        @"Release ""[^""\n]*"" does not exist\. Installing it now\.\n|(?:UPGRADE|INSTALLATION) FAILED: |\b\d+ errors? occurred:|(?m:^)Error: ",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex HelmNoise();

    [GeneratedRegex(
        @"error unmarshaling JSON: while decoding JSON: json: |error converting YAML to JSON: ",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex DecoderNoise();

    // The call's own folder and what vcluster and helm make below it; the transcripts' $TMPDIR and $HOME stand for them.
    [GeneratedRegex(
        @"(?:\$TMPDIR|\$HOME|/[^\s""':]*vcluster-manager-[0-9a-f]+)/(?:[^\s""':/]+/)*(?<file>[^\s""':/]+)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TemporaryPath();

    [GeneratedRegex(@"^\t\S+\.(?:go|s):\d+$", RegexOptions.NonBacktracking)]
    private static partial Regex StackFrame();
}
