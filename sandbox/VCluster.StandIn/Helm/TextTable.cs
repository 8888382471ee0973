using System.Text;

namespace VCluster.StandIn.Helm;

/// <summary>A table as helm prints it: tabs between the columns, and every cell as wide as the widest of its column.</summary>
internal static class TextTable
{
    public static string Of(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin('\t', row.Select((cell, i) => cell.PadRight(widths[i]))).Append('\n');
        }

        return text.ToString();
    }
}
