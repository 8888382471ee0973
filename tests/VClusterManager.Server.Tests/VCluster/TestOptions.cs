using VClusterManager.Server.Configuration;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Tests.VCluster;

internal static class TestOptions
{
    public static VClusterOptions VCluster { get; } =
        new()
        {
            Executable = null,
            Helm = null,
            Kubectl = null,
            Versions = KubernetesVersions.Defaults,
            DefaultKubernetesVersion = "1.35",
            DefaultTtlHours = 24,
            NamespacePrefix = "",
            ReservedNamespaces = [],
            DeniedValues = [],
            Values = [],
            MaxParallel = 4,
            MaxClusters = null,
            Timeouts = new LifecycleTimeouts
            {
                Command = TimeSpan.FromSeconds(30),
                Ready = TimeSpan.FromMinutes(5),
                Problem = TimeSpan.FromSeconds(30),
                Gone = TimeSpan.FromMinutes(5),
            },
        };
}
