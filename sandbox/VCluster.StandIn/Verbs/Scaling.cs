using System.Globalization;
using System.Text.Json.Nodes;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary>Scales a cluster's workload down and up again. A StatefulSet counts alone; with a Deployment goes its etcd.</summary>
internal sealed class Scaling(VClusterCall call, KubeClient client, VirtualCluster cluster)
{
    private const string Paused = "loft.sh/paused";
    private const string PausedReplicas = "loft.sh/paused-replicas";
    private const string PausedDate = "loft.sh/paused-date";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private string Main => "app=vcluster,release=" + cluster.Name;

    private string Etcd => "app=vcluster-etcd,release=" + cluster.Name;

    public async Task DownAsync()
    {
        if (await DownAsync(Kinds.StatefulSets, "statefulSet", Main))
        {
            return;
        }

        if (!await DownAsync(Kinds.Deployments, "deployment", Main))
        {
            throw new VerbException($"couldn't find vcluster {cluster.Name} in namespace {cluster.Namespace}");
        }

        await DownAsync(Kinds.StatefulSets, "statefulSet", Etcd);
    }

    public async Task UpAsync()
    {
        if (await UpAsync(Kinds.StatefulSets, Main))
        {
            return;
        }

        if (!await UpAsync(Kinds.Deployments, Main))
        {
            throw new VerbException(
                $"couldn't find a paused vcluster {cluster.Name} in namespace {cluster.Namespace}. "
                    + "Make sure the vcluster exists and was paused previously"
            );
        }

        await UpAsync(Kinds.StatefulSets, Etcd);
    }

    private async Task<bool> DownAsync(Resource kind, string word, string selector)
    {
        var workloads = await client.ListAsync(kind.Collection(cluster.Namespace), selector);
        foreach (var workload in workloads)
        {
            var name = workload["metadata"]!["name"]!.GetValue<string>();
            if (IsPaused(workload))
            {
                call.Log.Info($"vcluster {cluster.Namespace}/{name} is already paused");
                return true;
            }

            call.Log.Info($"Scale down {word} {cluster.Namespace}/{name}...");
            var replicas = workload["spec"]?["replicas"]?.GetValue<int>() ?? 1;
            await client.PatchAsync(kind.Item(cluster.Namespace, name), PausePatch(Math.Max(replicas, 1)));
            if (replicas == 0)
            {
                var title = char.ToUpperInvariant(word[0]) + word[1..];
                call.Log.Info(
                    $"{title} {cluster.Namespace}/{name} was already scaled down, set annotation {Paused} on it"
                );
            }
            else
            {
                await WaitAsync(kind, word, name);
            }
        }

        return workloads.Count > 0;
    }

    private JsonObject PausePatch(int replicas)
    {
        var now = call.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Patch("true", replicas.ToString(CultureInfo.InvariantCulture), now, replicas: 0);
    }

    private static JsonObject Patch(string? paused, string? before, string? date, int replicas) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject
                {
                    [Paused] = paused,
                    [PausedReplicas] = before,
                    [PausedDate] = date,
                },
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas },
        };

    private async Task WaitAsync(Resource kind, string word, string name)
    {
        var started = call.Clock.GetTimestamp();
        while (true)
        {
            var found = await client.GetAsync(kind.Item(cluster.Namespace, name));
            if ((found["status"]?["replicas"]?.GetValue<int>() ?? 0) == 0)
            {
                return;
            }

            if (call.Clock.GetElapsedTime(started) > Patience)
            {
                throw new VerbException($"wait for {word} scaled down: context deadline exceeded");
            }

            await Task.Delay(Pause, call.Clock, CancellationToken.None);
        }
    }

    private async Task<bool> UpAsync(Resource kind, string selector)
    {
        var workloads = await client.ListAsync(kind.Collection(cluster.Namespace), selector);
        foreach (var workload in workloads)
        {
            if (!IsPaused(workload))
            {
                return false;
            }

            var before = workload["metadata"]?["annotations"]?[PausedReplicas]?.GetValue<string>();
            var replicas = int.TryParse(before, CultureInfo.InvariantCulture, out var number) ? number : 1;
            var name = workload["metadata"]!["name"]!.GetValue<string>();
            await client.PatchAsync(kind.Item(cluster.Namespace, name), Patch(null, null, null, replicas));
        }

        return workloads.Count > 0;
    }

    private static bool IsPaused(JsonObject workload) =>
        workload["metadata"]?["annotations"]?[Paused]?.GetValue<string>() == "true";
}
