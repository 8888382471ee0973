using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm list</c>: the newest revision of every release; pending ones only when asked for.</summary>
internal sealed class ListCommand(HelmCall call)
{
    private static readonly string[] Columns =
    [
        "NAME",
        "NAMESPACE",
        "REVISION",
        "UPDATED",
        "STATUS",
        "CHART",
        "APP VERSION",
    ];

    public async Task RunAsync()
    {
        await call.ReachAsync();
        var store = call.Arguments.IsSet("all-namespaces")
            ? new ReleaseStore(call.Client, "", call.Clock)
            : call.Releases;
        var filter = call.Arguments.Text("filter");
        var releases = (await store.AllAsync())
            .Where(IsWanted)
            .Where(release =>
                filter.Length == 0 || Regex.IsMatch(release.Name, filter, RegexOptions.None, TimeSpan.FromSeconds(1))
            )
            .ToList();
        call.Print(
            call.Arguments.Text("output") switch
            {
                _ when call.Arguments.IsSet("short") => string.Concat(releases.Select(release => release.Name + "\n")),
                "json" => new JsonArray([.. releases.Select(Json)]).ToJsonString() + "\n",
                "yaml" => YamlWriter.Write(new JsonArray([.. releases.Select(Json)])),
                _ => TextTable.Of([Columns, .. releases.Select(Row)]),
            }
        );
    }

    private bool IsWanted(HelmRelease release)
    {
        var (pending, failed, deployed) = (
            call.Arguments.IsSet("pending"),
            call.Arguments.IsSet("failed"),
            call.Arguments.IsSet("deployed")
        );
        if (call.Arguments.IsSet("all"))
        {
            return true;
        }

        return release.Status switch
        {
            "deployed" => deployed || !(pending || failed),
            "failed" => failed || !(pending || deployed),
            _ => pending && release.IsPending,
        };
    }

    private static string[] Row(HelmRelease release) =>
        [
            release.Name,
            release.Namespace,
            release.Revision.ToString(CultureInfo.InvariantCulture),
            Updated(release),
            release.Status,
            release.ChartLabel,
            "",
        ];

    private static JsonObject Json(HelmRelease release) =>
        new()
        {
            ["name"] = release.Name,
            ["namespace"] = release.Namespace,
            ["revision"] = release.Revision.ToString(CultureInfo.InvariantCulture),
            ["updated"] = Updated(release),
            ["status"] = release.Status,
            ["chart"] = release.ChartLabel,
            ["app_version"] = "",
        };

    private static string Updated(HelmRelease release)
    {
        var time = release.Info["last_deployed"]!.GetValue<string>();
        return time.Replace('T', ' ').TrimEnd('Z') + " +0000 UTC";
    }
}
