using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VClusterManager.Sandbox.Faults;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Lists of many clusters. They are put on the host as bare workloads, since only their number matters.</summary>
internal static class CrowdStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new("Fifty clusters", new Do(stage => FillAsync(stage, "95-perf-list-50-1")), new Replay("95-perf-list-50-1")),
        new(
            "Two hundred clusters",
            new Do(stage => FillAsync(stage, "95-perf-list-200")),
            new Replay("95-perf-list-200")
        ),
    ];

    /// <summary>Makes every cluster that a recorded list shows, each with a pod that waits for a node.</summary>
    private static async Task FillAsync(Stage stage, string transcript)
    {
        stage.Break(FaultNames.PendingVolume);
        foreach (var entry in JsonNode.Parse(Transcript.Read(transcript).Stdout)!.AsArray())
        {
            var (name, @namespace) = (entry!["Name"]!.GetValue<string>(), entry["Namespace"]!.GetValue<string>());
            await stage.CreateNamespaceAsync(@namespace);
            await stage.Client.CreateAsync(Kinds.StatefulSets.Collection(@namespace), Workload(name));
        }

        await Stage.UntilAsync(
            async () =>
                (await stage.Client.ListAsync("api/v1/pods")).Count
                == (await stage.Client.ListAsync("apis/apps/v1/statefulsets")).Count,
            "every cluster has its pod"
        );
    }

    private static JsonObject Workload(string name)
    {
        JsonObject Labels() => new() { ["app"] = "vcluster", ["release"] = name };
        var container = new JsonObject { ["name"] = "syncer", ["image"] = "ghcr.io/loft-sh/vcluster-pro:0.34.7" };
        var claim = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "data" },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } },
            },
        };
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "StatefulSet",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels() },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["serviceName"] = name,
                ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels() },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) },
                },
                ["volumeClaimTemplates"] = new JsonArray(claim),
            },
        };
    }
}
