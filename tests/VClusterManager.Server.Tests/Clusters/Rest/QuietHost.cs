using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>A manager whose CLI hangs: the first cluster stays Provisioning, and all others Pending.</summary>
public sealed class QuietHost : ManagerHost
{
    private protected override Dictionary<string, string> Faults => new() { ["cli-hang"] = "before" };

    private protected override ManagerOptions Configure(ManagerOptions options) =>
        options with
        {
            VCluster = options.VCluster with { MaxParallel = 1 },
        };
}
