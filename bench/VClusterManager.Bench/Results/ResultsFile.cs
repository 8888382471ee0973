using System.Text;
using VClusterManager.Bench.Figures;
using VClusterManager.Bench.Measuring;

namespace VClusterManager.Bench.Results;

/// <summary>
/// The file with the results: a section for each figure. What is measured again takes the place of its section; what a
/// person has written below <c>### Notes</c> in it stays.
/// </summary>
internal sealed class ResultsFile(string path)
{
    private const string SectionHead = "## ";
    private const string NotesHead = "### Notes";

    private const string Introduction = """
        # What is measured

        Written by `./bench/run.sh [name] [--short]`, which needs `wrk` and installs it where it is missing. Machines
        differ and are shared, so each figure is a ratio: the manager and something beside it, measured in turns in the
        same run. The values are medians unless a percentile is named; the spread is that of the ratio over the parts of
        the run. Notes are written by hand and stay.
        """;

    public void Renew(IFigure figure, IReadOnlyList<Measurement> measured, string facts)
    {
        var sections = Read();
        var notes = sections.TryGetValue(figure.Name, out var old) ? NotesOf(old) : "";
        sections[figure.Name] = $"{ResultsTable.Of(figure, measured, facts)}\n{notes}";
        var text = new StringBuilder(Introduction).Append('\n');
        foreach (var (name, body) in sections)
        {
            text.Append($"\n{SectionHead}{name}\n\n{body.Trim()}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    private static string NotesOf(string section) =>
        section.IndexOf(NotesHead, StringComparison.Ordinal) is >= 0 and var at ? $"\n{section[at..]}" : "";

    private OrderedDictionary<string, string> Read()
    {
        var sections = new OrderedDictionary<string, string>();
        if (File.Exists(path))
        {
            foreach (var part in File.ReadAllText(path).Split($"\n{SectionHead}").Skip(1))
            {
                var lines = part.Split('\n', 2);
                sections[lines[0].Trim()] = lines.Length > 1 ? lines[1] : "";
            }
        }

        return sections;
    }
}
