using System.Text.RegularExpressions;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Takes out of an output what differs from run to run: times, ages, names of temporary files, ports, certificates.</summary>
internal static partial class Normal
{
    public static string Text(string text)
    {
        // The recorder took every "/root" for the home folder.
        text = text.Replace("cmd$HOME.go", "cmd/root.go", StringComparison.Ordinal);
        text = text.Replace("$BED/home", "$HOME", StringComparison.Ordinal);
        text = LineTime().Replace(text, "00:00:00 ");
        text = ChartFile().Replace(text, "$TMPDIR/vcluster-0.34.7.tgz-0");
        text = TemporaryFile().Replace(text, "$TMPDIR/0");
        text = Moment().Replace(text, "TIME");
        text = LongMoment().Replace(text, "TIME");
        text = AgeSeconds().Replace(text, "\"AgeSeconds\": 0");
        text = AgeCell().Replace(text, " | AGE");
        text = AgeHeader().Replace(text, "\e[32mAGE\e[0m");
        text = AgeRule().Replace(text, "+---");
        text = LocalPort().Replace(text, "https://localhost:0");
        return Certificate().Replace(text, "${key}: <base64, cut>");
    }

    [GeneratedRegex(@"\d\d:\d\d:\d\d ", RegexOptions.None, 1000)]
    private static partial Regex LineTime();

    [GeneratedRegex(@"\$TMPDIR/vcluster-0\.34\.7\.tgz-\d+", RegexOptions.None, 1000)]
    private static partial Regex ChartFile();

    [GeneratedRegex(@"\$TMPDIR/\d+", RegexOptions.None, 1000)]
    private static partial Regex TemporaryFile();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", RegexOptions.None, 1000)]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", RegexOptions.None, 1000)]
    private static partial Regex LongMoment();

    [GeneratedRegex(@"""AgeSeconds"": \d+", RegexOptions.None, 1000)]
    private static partial Regex AgeSeconds();

    [GeneratedRegex(@" \| \d+[smhd](\d+[smhd])? *$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AgeCell();

    [GeneratedRegex(@"\e\[32mAGE *\e\[0m", RegexOptions.None, 1000)]
    private static partial Regex AgeHeader();

    [GeneratedRegex(@"\+-+$", RegexOptions.Multiline, 1000)]
    private static partial Regex AgeRule();

    [GeneratedRegex(@"https://localhost:\d+", RegexOptions.None, 1000)]
    private static partial Regex LocalPort();

    [GeneratedRegex(
        @"(?<key>certificate-authority-data|client-certificate-data|client-key-data): [A-Za-z0-9+/=]+",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Certificate();
}
