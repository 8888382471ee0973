using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>What the CLI wants to find so that it asks nobody and tells nobody: by itself every verb calls home with its arguments.</summary>
internal static class VClusterHome
{
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["VCLUSTER_SKIP_VERSION_CHECK"] = "true" };

    public static void Prepare(ToolFolder folder) =>
        folder.Write("home/.vcluster/config.json", """{"telemetryDisabled":true}""");
}
