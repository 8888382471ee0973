using System.Text.Json.Nodes;
using VCluster.StandIn.Chart;
using VCluster.StandIn.Values;

namespace VCluster.StandIn.Helm;

/// <summary>The next revision of a release, before anything of it is on the host.</summary>
internal sealed class ReleaseDraft(HelmCall call)
{
    /// <summary>Charts from the network are what the stand-in never fetches: it says what the real one says when it cannot.</summary>
    private static ChartArchive LoadChart(string path)
    {
        if (path.StartsWith("http", StringComparison.Ordinal))
        {
            throw new HelmException($"Get \"{path}\": Bad Gateway");
        }

        return File.Exists(path) ? ChartArchive.Load(path) : throw new HelmException($"path \"{path}\" not found");
    }

    public HelmRelease Make(string name, string chartPath, List<HelmRelease> history)
    {
        var chart = LoadChart(chartPath);
        var now = HelmRelease.Time(call.Clock.GetUtcNow());
        var first = history.Count == 0 ? null : history[^1].Info["first_deployed"]?.GetValue<string>();
        var templates = chart.Templates.Select(template => new JsonObject
        {
            ["name"] = template.Name,
            ["data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(template.Text)),
        });
        return new HelmRelease(
            new JsonObject
            {
                ["name"] = name,
                ["namespace"] = call.Namespace,
                ["version"] = history.Count == 0 ? 1 : history[0].Revision + 1,
                ["info"] = new JsonObject
                {
                    ["first_deployed"] = first ?? now,
                    ["last_deployed"] = now,
                    ["deleted"] = "",
                    ["description"] = history.Count == 0 ? "Initial install underway" : "Preparing upgrade",
                    ["status"] = history.Count == 0 ? "pending-install" : "pending-upgrade",
                },
                ["chart"] = new JsonObject
                {
                    ["metadata"] = chart.Metadata.DeepClone(),
                    ["lock"] = null,
                    ["templates"] = new JsonArray([.. templates]),
                    ["values"] = chart.Values.DeepClone(),
                    ["schema"] = null,
                    ["files"] = null,
                },
                ["config"] = GivenValues(),
                ["manifest"] = Manifest.Render(chart),
            }
        );
    }

    private JsonObject GivenValues()
    {
        var values = new JsonObject();
        try
        {
            foreach (var file in call.Arguments.All("values"))
            {
                ValuesTree.Merge(values, ValuesTree.ReadFile(file), keepNulls: true);
            }

            foreach (var expression in call.Arguments.All("set"))
            {
                SetValue.Apply(values, expression);
            }
        }
        catch (ValuesException exception)
        {
            throw new HelmException(exception.Message);
        }

        return values;
    }
}
