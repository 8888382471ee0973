using System.Globalization;
using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm history NAME</c>: all revisions that are kept, the oldest first.</summary>
internal sealed class HistoryCommand(HelmCall call)
{
    private const int Most = 256;

    private static readonly string[] Columns = ["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"];

    public async Task RunAsync(string name)
    {
        await call.ReachAsync();
        ReleaseName.Check(name);
        var newestFirst = await call.Releases.HistoryAsync(name);
        if (newestFirst.Count == 0)
        {
            throw new HelmException("release: not found");
        }

        var releases = newestFirst.Take(Most).Reverse().ToList();
        call.Print(
            call.Arguments.Text("output") switch
            {
                "json" => new JsonArray([.. releases.Select(Json)]).ToJsonString() + "\n",
                "yaml" => YamlWriter.Write(new JsonArray([.. releases.Select(Json)])),
                _ => TextTable.Of([Columns, .. releases.Select(Row)]),
            }
        );
    }

    private static JsonObject Json(HelmRelease release) =>
        new()
        {
            ["revision"] = release.Revision,
            ["updated"] = Updated(release),
            ["status"] = release.Status,
            ["chart"] = release.ChartLabel,
            ["app_version"] = "",
            ["description"] = Description(release),
        };

    private static string[] Row(HelmRelease release) =>
        [
            release.Revision.ToString(CultureInfo.InvariantCulture),
            DateTimeOffset
                .Parse(Updated(release), CultureInfo.InvariantCulture)
                .ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            release.Status,
            release.ChartLabel,
            "",
            Description(release),
        ];

    private static string Updated(HelmRelease release) => release.Info["last_deployed"]!.GetValue<string>();

    private static string Description(HelmRelease release) => release.Info["description"]?.GetValue<string>() ?? "";
}
