using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Finding;

namespace VCluster.StandIn.Verbs;

/// <summary><c>vcluster list</c>. None, and none that could be read, are the same: an empty table, or <c>null</c>.</summary>
internal sealed class ListVerb(VClusterCall call)
{
    private static readonly string[] Columns = ["NAME", "NAMESPACE", "STATUS", "VERSION", "CONNECTED", "AGE"];

    public async Task RunAsync()
    {
        var finder = call.Finder(call.Log.ProblemsOnly());
        using var client = finder.Connect(call.Context);
        var clusters = await finder.ListAsync(client, "", call.Namespace);
        call.Log.Plain(call.Arguments.Text("output") == "json" ? Json(clusters) : Table(clusters));
        if (call.Arguments.Text("output") != "json" && ContextNames.ParentOf(call.Context) is not null)
        {
            call.Log.Info("Run `vcluster disconnect` to switch back to the parent context");
        }
    }

    private string Json(List<VirtualCluster> clusters)
    {
        if (clusters.Count == 0)
        {
            return "null\n";
        }

        var items = clusters.Select(cluster =>
            $$"""
                    {
                        "Created": "{{cluster.Created.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}",
                        "Name": {{Quoted(cluster.Name)}},
                        "Namespace": {{Quoted(cluster.Namespace)}},
                        "Version": {{Quoted(cluster.Version)}},
                        "Status": {{Quoted(cluster.Status)}},
                        "AgeSeconds": {{(long)Math.Round(Age(cluster).TotalSeconds)}},
                        "Connected": {{(IsConnected(cluster) ? "true" : "false")}}
                    }
                """
        );
        return $"[\n{string.Join(",\n", items)}\n]\n";
    }

    private string Table(List<VirtualCluster> clusters)
    {
        List<string[]> rows = [.. clusters.Select(Row)];
        var widths = Columns
            .Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max())
            .ToArray();
        var text = new StringBuilder("  \n    ");
        text.AppendJoin(" | ", Columns.Select((column, i) => $"\e[32m{Centered(column, widths[i])}\e[0m"))
            .Append("  \n  ");
        text.AppendJoin(
            '+',
            widths.Select((width, i) => new string('-', width + (i == 0 || i == widths.Length - 1 ? 3 : 2)))
        );
        text.Append('\n');
        foreach (var row in rows)
        {
            text.Append("    ").AppendJoin(" | ", row.Select((cell, i) => cell.PadRight(widths[i]))).Append("  \n");
        }

        return text.Append("  \n").ToString();
    }

    private string[] Row(VirtualCluster cluster) =>
        [
            cluster.Name,
            cluster.Namespace,
            cluster.Status,
            cluster.Version,
            IsConnected(cluster) ? "True" : "",
            HumanDuration.Text(Age(cluster)),
        ];

    private TimeSpan Age(VirtualCluster cluster) => call.Clock.GetUtcNow() - cluster.Created;

    private bool IsConnected(VirtualCluster cluster) => call.KubeConfig.CurrentContext == cluster.OwnContext;

    private static string Centered(string text, int width) =>
        text.PadLeft(text.Length + ((width - text.Length) / 2)).PadRight(width);

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
