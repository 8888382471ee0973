using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>What a virtual cluster's control plane writes, by whether it comes up or ends soon after each start.</summary>
internal static class ControlPlaneLog
{
    private const string Container = "syncer";

    private static readonly string[] Starting =
    [
        "info\tStarting vCluster control plane",
        "info\tGenerating certificates",
        "info\tStarting Kubernetes API server",
        "info\tKubernetes API server is healthy",
        "info\tStarting syncer",
        "info\tSuccessfully started vCluster",
    ];

    private static readonly string[] Crashing =
    [
        "info\tStarting vCluster control plane",
        "info\tGenerating certificates",
        "error\tcouldn't start embedded database: database disk image is malformed",
        "fatal\terror running start command: start k8s: exit status 1",
    ];

    /// <summary>The log; null for any other container.</summary>
    public static ContainerLog? Of(
        StoredObject pod,
        JsonObject container,
        JsonObject? status,
        bool previous,
        TimeProvider time
    )
    {
        if (container.Text("name") != Container)
        {
            return null;
        }

        var crashed = previous || status.Text("state", "waiting", "reason") == "CrashLoopBackOff";
        var since =
            Timestamps.Parse(
                previous
                    ? status.Text("lastState", "terminated", "startedAt")
                    : status.Text("state", "running", "startedAt")
            )
            ?? Timestamps.Parse(pod.Json.Text("status", "startTime"))
            ?? time.GetUtcNow();
        var log = new ContainerLog(time);
        foreach (var (index, text) in (crashed ? Crashing : Starting).Index())
        {
            var at = since.AddMilliseconds(index * 100);
            var stamp = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            log.Write(at, $"{stamp}\t{text}");
        }

        return log;
    }
}
