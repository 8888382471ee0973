using System.Globalization;
using System.Reflection;
using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Bench;

/// <summary>The benchmarks in their short form: every figure is measured. How fast anything is, is not judged here.</summary>
public sealed class BenchTests
{
    private static readonly Dictionary<string, int> LinesOfFigures = new()
    {
        ["reads"] = 4,
        ["auth"] = 2,
        ["accept"] = 5,
        ["create"] = 1,
        ["start"] = 3,
        ["events"] = 3,
        ["proxy"] = 8,
        ["dynamic"] = 3,
        ["webhooks"] = 2,
        ["expiry"] = 2,
    };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Every_figure_is_measured_and_what_was_written_by_hand_stays()
    {
        var folder = Directory.CreateTempSubdirectory("vcm-bench-").FullName;
        var results = Path.Combine(folder, "RESULTS.md");
        await File.WriteAllTextAsync(
            results,
            "# Old\n\n## create\n\nold words\n\n### Notes\n\nWhy it is so.\n",
            TestContext.Current.CancellationToken
        );
        try
        {
            await using var bench = ChildProcess.Start(
                Program,
                ["--short", "--results", results, "--commit", "abc"],
                folder,
                new Dictionary<string, string> { ["TMPDIR"] = folder }
            );
            (await bench.EndAsync(Patience)).ShouldBe(0, bench.Output);

            var written = await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken);
            foreach (var (figure, lines) in LinesOfFigures)
            {
                var section = Section(written, figure);
                Rows(section).Count.ShouldBe(lines, section);
                // What stands beside the manager, and the ratio, may be less than is told.
                Rows(section, but: "memory that")
                    .ShouldAllBe(row => row[0] > 0 && row[1] >= 0 && row[2] >= 0, section);
                section.ShouldContain("`./bench/run.sh --short`");
                section.ShouldContain("commit abc");
            }

            Section(written, "create").ShouldNotContain("old words");
            Section(written, "create").ShouldContain("### Notes\n\nWhy it is so.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Program =>
        Path.Combine(
            typeof(BenchTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .First(metadata => metadata.Key == "BenchFolder")
                .Value!,
            "VClusterManager.Bench"
        );

    private static string Section(string written, string name) =>
        written.Split("\n## ").Single(part => part.StartsWith(name + '\n', StringComparison.Ordinal));

    /// <summary>Of each line of a table: the manager's value, the other's, and the ratio of the two.</summary>
    /// <param name="but">Lines that begin with it are left out: what is little may be none.</param>
    private static List<double[]> Rows(string section, string but = "what") =>
        [
            .. section
                .Split('\n')
                .Where(line =>
                    line.StartsWith("| ", StringComparison.Ordinal)
                    && !line.StartsWith("| what", StringComparison.Ordinal)
                    && !line.StartsWith($"| {but}", StringComparison.Ordinal)
                )
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[2..5].Select(Number).ToArray()),
        ];

    private static double Number(string cell) =>
        double.Parse(cell.Split(' ', '/')[0], NumberStyles.Number, CultureInfo.InvariantCulture);
}
