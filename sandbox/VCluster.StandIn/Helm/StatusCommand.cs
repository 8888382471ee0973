using System.Globalization;
using VCluster.StandIn.Values;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm status NAME</c> and <c>helm get values|manifest NAME</c>: what the newest revision says.</summary>
internal sealed class StatusCommand(HelmCall call)
{
    public async Task StatusAsync(string name)
    {
        var release = await LatestAsync(name);
        call.Print(
            call.Arguments.Text("output") switch
            {
                "json" => release.Payload.ToJsonString() + "\n",
                "yaml" => YamlWriter.Write(release.Payload),
                _ => Text(release),
            }
        );
    }

    public async Task ManifestAsync(string name) => call.Print((await LatestAsync(name)).Manifest + "\n");

    public async Task ValuesAsync(string name)
    {
        var release = await LatestAsync(name);
        var values = release.Config;
        if (call.Arguments.IsSet("all"))
        {
            values = release.Chart["values"]!.DeepClone().AsObject();
            ValuesTree.Merge(values, release.Config);
        }

        var title = call.Arguments.IsSet("all") ? "COMPUTED VALUES:\n" : "USER-SUPPLIED VALUES:\n";
        call.Print(
            call.Arguments.Text("output") switch
            {
                "json" => values.ToJsonString() + "\n",
                "yaml" => YamlWriter.Write(values),
                _ => title + YamlWriter.Write(values),
            }
        );
    }

    /// <summary>The summary that helm prints of a release.</summary>
    public static string Text(HelmRelease release)
    {
        var deployed = DateTimeOffset.Parse(
            release.Info["last_deployed"]!.GetValue<string>(),
            CultureInfo.InvariantCulture
        );
        var time = deployed.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        return $"NAME: {release.Name}\nLAST DEPLOYED: {time}\nNAMESPACE: {release.Namespace}\nSTATUS: {release.Status}\n"
            + $"REVISION: {release.Revision}\nTEST SUITE: None\n";
    }

    private async Task<HelmRelease> LatestAsync(string name)
    {
        await call.ReachAsync();
        ReleaseName.Check(name);
        return await call.Releases.HistoryAsync(name) is [var latest, ..]
            ? latest
            : throw new HelmException("release: not found");
    }
}
