using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

internal enum CliVerb
{
    Create,
    Upgrade,
    Delete,
    Pause,
    Resume,
    UninstallRelease,
    RollbackRelease,
}

/// <summary>
/// Turns a finished run into a result. The CLI has two exit codes and many phrases; what the phrases mean was observed
/// with vcluster 0.34 to 0.36 over helm 3 and 4, and the recorded runs are this class's tests. Pure.
/// </summary>
internal static partial class CliOutcome
{
    public static CliResult Read(CliVerb verb, ToolResult run)
    {
        switch (run.End)
        {
            case ToolEnd.TimedOut:
                return new(
                    CliVerdict.TimedOut,
                    $"{Spoken(verb)} did not end within {Seconds(run)} s and was stopped",
                    run
                );
            case ToolEnd.Cancelled:
                return new(CliVerdict.Cancelled, $"{Spoken(verb)} was stopped after {Seconds(run)} s", run);
            case ToolEnd.NotStarted:
                return new(CliVerdict.ToolBroken, run.Error, run);
        }

        var entries = CliText.Entries(run.Error);
        if (run.ExitCode == 0)
            return new(CliVerdict.Done, LastOf(CliText.Entries(run.Output)), run);

        var decisive = Decisive(entries, run);
        var verdict = Judge(decisive, Warnings(entries));
        return new(verdict, Explain(verb, verdict, decisive, entries, run), run);
    }

    /// <summary>What the phrases of a failed run say, the more particular before the more general.</summary>
    private static CliVerdict Judge(string text, string warnings)
    {
        foreach (var (pattern, verdict) in Phrases)
        {
            if (!pattern.IsMatch(text))
                continue;
            // "Not found" is also what the CLI says when it could not look; then it has warned before.
            if (verdict == CliVerdict.NotFoundOrUnreadable && Unreachable().IsMatch(warnings))
                return CliVerdict.HostUnreachable;
            if (verdict == CliVerdict.NotFoundOrUnreadable && Forbidden().IsMatch(warnings))
                return CliVerdict.Forbidden;
            return verdict;
        }

        return CliVerdict.Failed;
    }

    private static string Explain(
        CliVerb verb,
        CliVerdict verdict,
        string decisive,
        IReadOnlyList<CliText.Entry> entries,
        ToolResult run
    )
    {
        if (verdict == CliVerdict.ToolBroken && decisive.Contains("installing helm", StringComparison.Ordinal))
            return "helm was not found, and vcluster could not fetch one: set vcluster.helm (VCM__VCLUSTER__HELM)";
        var message = CliText.Clean(decisive);
        // What it said last is not why it ended.
        if (run.Signal is { } signal)
            return $"{Spoken(verb)} was killed ({signal})" + (message.Length > 0 ? $"; it had said: {message}" : "");
        if (message.Length == 0)
            return $"{Spoken(verb)} failed and said nothing (exit code {run.ExitCode})";
        // The text of a cluster that is not there does not say why the host could not be read; the warning does.
        if (
            verdict is CliVerdict.HostUnreachable or CliVerdict.Forbidden
            && decisive.Contains("couldn't find vcluster", StringComparison.Ordinal)
        )
            return CliText.Clean(entries.First(e => e.Level == "warn").Text);
        return verdict == CliVerdict.NotFoundOrUnreadable
            ? $"{message}: it is not there, or the host could not be read"
            : message;
    }

    // What a run ends with counts: vcluster's fatal line; for helm, and when vcluster breaks early, all of it.
    private static string Decisive(IReadOnlyList<CliText.Entry> entries, ToolResult run)
    {
        var fatal = entries.Where(e => e.Level is "fatal").Select(e => e.Text).LastOrDefault();
        if (fatal is not null)
            return fatal;
        var rest = string.Join('\n', entries.Where(e => e.Level is "" or "error").Select(e => e.Text));
        return rest.Length > 0 ? rest : ToolText.WithoutColours(run.Output);
    }

    private static string Warnings(IReadOnlyList<CliText.Entry> entries) =>
        string.Join(
            '\n',
            entries
                .Where(e =>
                    e.Level == "warn" && e.Text.StartsWith("Error retrieving vclusters", StringComparison.Ordinal)
                )
                .Select(e => e.Text)
        );

    private static string LastOf(IReadOnlyList<CliText.Entry> entries) =>
        entries.Count == 0
            ? ""
            : CliText.Clean(
                (entries.LastOrDefault(e => e.Level == "done") is { Level: "done" } done ? done : entries[^1]).Text
            );

    private static string Spoken(CliVerb verb) =>
        verb switch
        {
            CliVerb.Create => "vcluster create",
            CliVerb.Upgrade => "vcluster create --upgrade",
            CliVerb.Delete => "vcluster delete",
            CliVerb.Pause => "vcluster pause",
            CliVerb.Resume => "vcluster resume",
            CliVerb.UninstallRelease => "helm uninstall",
            CliVerb.RollbackRelease => "helm rollback",
            _ => throw new ArgumentOutOfRangeException(nameof(verb)),
        };

    private static string Seconds(ToolResult run) => run.Duration.TotalSeconds.ToString("0");
}
