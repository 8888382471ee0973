namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>One recorded call: its command line and what it ended with.</summary>
internal sealed record Transcript(string Name, string CommandLine, int ExitCode, string Stdout, string Stderr)
{
    private const string StdoutMark = "\n--- stdout\n";
    private const string StderrMark = "\n--- stderr\n";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "StandIn", "Transcripts");

    /// <summary>The names of all that hold a call of vcluster or helm.</summary>
    public static IReadOnlyList<string> AllNames { get; } =
    [
        .. Directory
            .EnumerateFiles(Folder, "*.txt")
            .Where(path => File.ReadLines(path).First().StartsWith("$ ", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Order(StringComparer.Ordinal),
    ];

    public static Transcript Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".txt"));
        var stdoutAt = text.IndexOf(StdoutMark, StringComparison.Ordinal);
        var stderrAt = text.IndexOf(StderrMark, stdoutAt, StringComparison.Ordinal);
        var head = text[..stdoutAt].Split('\n');
        var exit = head.First(line => line.StartsWith("exit: ", StringComparison.Ordinal))["exit: ".Length..];
        return new Transcript(
            name,
            head[0]["$ ".Length..],
            int.Parse(exit.Split(' ')[0]),
            text[(stdoutAt + StdoutMark.Length)..stderrAt],
            // The recorder ended the file with a line of its own.
            text[(stderrAt + StderrMark.Length)..^1]
        );
    }
}
