namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Holds what came out against what was recorded.</summary>
internal static class Comparison
{
    private const int Signal = 128;

    /// <summary>Null when they are the same, else both.</summary>
    public static string? Differences(Stage stage, Transcript transcript, Outcome outcome)
    {
        var (expected, actual) = (Expected(transcript), Actual(stage, outcome));
        return expected == actual
            ? null
            : $"=== {transcript.Name}: $ {transcript.CommandLine}\n+++ recorded\n{Visible(expected)}\n+++ came out\n{Visible(actual)}";
    }

    private static string Expected(Transcript transcript) =>
        // A call that the recorder ended with a signal has the signal's number, negative.
        Whole(
            transcript.ExitCode < 0 ? Signal - transcript.ExitCode : transcript.ExitCode,
            transcript.Stdout,
            transcript.Stderr
        );

    private static string Actual(Stage stage, Outcome outcome) =>
        Whole(outcome.ExitCode, stage.Generalize(outcome.Stdout), stage.Generalize(outcome.Stderr));

    private static string Whole(int exitCode, string stdout, string stderr) =>
        $"exit: {exitCode}\n--- stdout\n{Normal.Text(stdout)}\n--- stderr\n{Normal.Text(stderr)}";

    private static string Visible(string text) => text.Replace("\e", "^[", StringComparison.Ordinal);
}
