using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Terminal;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary>
/// Waits until a cluster's newest pod is ready and its Secret <c>vc-NAME</c> holds a kubeconfig: silently while it only
/// takes its time, with a warning now and then while something is wrong with the pod.
/// </summary>
internal sealed class ClusterAccess(VClusterCall call, KubeClient client, Log log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstWarning = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    private static readonly string[] Critical =
    [
        "Error",
        "Unknown",
        "ImagePullBackOff",
        "CrashLoopBackOff",
        "RunContainerError",
        "ErrImagePull",
        "CreateContainerConfigError",
        "InvalidImageName",
    ];

    private TimeSpan _nextWarning = FirstWarning;
    private bool _saysThatItWaits = true;

    /// <exception cref="VerbException">It took too long.</exception>
    public async Task<KubeConfigFile> WaitAsync(VirtualCluster cluster)
    {
        var started = call.Clock.GetTimestamp();
        while (true)
        {
            var pods = await client.ListAsync(
                Kinds.Pods.Collection(cluster.Namespace),
                "app=vcluster,release=" + cluster.Name
            );
            var newest = pods.MaxBy(pod => pod["metadata"]?["creationTimestamp"]?.GetValue<string>() ?? "");
            var waited = call.Clock.GetElapsedTime(started);
            if (newest is null || IsUp(newest, waited))
            {
                if (await ReadAsync(cluster) is { } access)
                {
                    log.Done("vCluster is up and running");
                    return access;
                }
            }

            if (waited > Patience)
            {
                throw new VerbException("failed to parse kube config: wait for vcluster: context deadline exceeded");
            }

            await Task.Delay(Pause, call.Clock, CancellationToken.None);
        }
    }

    private bool IsUp(JsonObject pod, TimeSpan waited)
    {
        var status = PodStatus.Of(pod);
        var plain = status.StartsWith("Init:", StringComparison.Ordinal) ? status[5..] : status;
        var critical = Critical.Contains(plain);
        if (!critical && ContainersAreReady(pod))
        {
            return true;
        }

        if (_saysThatItWaits)
        {
            log.Info("Waiting for vcluster to come up...");
            _saysThatItWaits = false;
        }

        if (waited > _nextWarning && (critical || status != "Running"))
        {
            var name = pod["metadata"]!["name"]!.GetValue<string>();
            log.Warn(
                critical
                    ? $"Pod {name} has critical status: {status}. vcluster will continue waiting, but this operation might timeout"
                    : $"vcluster is waiting, because vcluster pod {name} has status: {status}"
            );
            _nextWarning = waited + BetweenWarnings;
        }

        return false;
    }

    private static bool ContainersAreReady(JsonObject pod) =>
        (pod["status"]?["containerStatuses"] as JsonArray ?? []).All(container =>
            container?["ready"]?.GetValue<bool>() == true && container["state"]?["running"] is not null
        );

    private async Task<KubeConfigFile?> ReadAsync(VirtualCluster cluster)
    {
        try
        {
            var secret = await client.FindAsync(Kinds.Secrets.Item(cluster.Namespace, "vc-" + cluster.Name));
            return secret?["data"]?["config"]?.GetValue<string>() is { } data
                ? KubeConfigFile.From(
                    YamlReader.Read(Encoding.UTF8.GetString(Convert.FromBase64String(data))) as JsonObject ?? []
                )
                : null;
        }
        catch (KubeException)
        {
            return null;
        }
    }
}
