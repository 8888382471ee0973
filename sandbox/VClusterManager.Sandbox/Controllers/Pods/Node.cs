using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>The one node that a cluster has.</summary>
internal static class Node
{
    public const string Name = "sandbox-0";
    public const string Address = "10.240.0.1";

    public static JsonObject Definition(ClusterVersion version, DateTimeOffset now) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["labels"] = new JsonObject
                {
                    ["beta.kubernetes.io/arch"] = "amd64",
                    ["beta.kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = "amd64",
                    ["kubernetes.io/hostname"] = Name,
                    ["kubernetes.io/os"] = "linux",
                },
            },
            ["spec"] = new JsonObject { ["podCIDR"] = "10.244.0.0/16", ["podCIDRs"] = new JsonArray("10.244.0.0/16") },
            ["status"] = new JsonObject
            {
                ["capacity"] = Resources(),
                ["allocatable"] = Resources(),
                ["conditions"] = new JsonArray(Ready(now)),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = Address },
                    new JsonObject { ["type"] = "Hostname", ["address"] = Name }
                ),
                ["nodeInfo"] = Info(version),
            },
        };

    /// <summary>The sign that the node lives. It is given once: nothing here asks how old it is.</summary>
    public static JsonObject Lease(DateTimeOffset now) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = Name,
                ["leaseDurationSeconds"] = 40,
                ["renewTime"] = Timestamps.FormatMicro(now),
            },
        };

    private static JsonObject Resources() =>
        new()
        {
            ["cpu"] = "64",
            ["ephemeral-storage"] = "10Ti",
            ["memory"] = "1Ti",
            ["pods"] = "10k",
        };

    private static JsonObject Ready(DateTimeOffset now) =>
        new()
        {
            ["type"] = "Ready",
            ["status"] = "True",
            ["lastHeartbeatTime"] = Timestamps.Format(now),
            ["lastTransitionTime"] = Timestamps.Format(now),
            ["reason"] = "KubeletReady",
            ["message"] = "kubelet is posting ready status",
        };

    private static JsonObject Info(ClusterVersion version) =>
        new()
        {
            ["machineID"] = "sandbox",
            ["systemUUID"] = "sandbox",
            ["bootID"] = "sandbox",
            ["kernelVersion"] = "6.1.0",
            ["osImage"] = "Sandbox",
            ["containerRuntimeVersion"] = "containerd://2.1.0",
            ["kubeletVersion"] = version.Git,
            ["kubeProxyVersion"] = "",
            ["operatingSystem"] = "linux",
            ["architecture"] = "amd64",
        };
}
