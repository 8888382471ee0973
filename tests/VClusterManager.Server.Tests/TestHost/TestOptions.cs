using System.Net;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>A valid configuration over a database.</summary>
internal static class TestOptions
{
    public static ManagerOptions Over(DatabaseOptions database) =>
        new()
        {
            Server = new()
            {
                Host = IPAddress.Loopback,
                Port = 0,
                Debug = false,
                Tls = null,
                Instance = "tests",
                ReadOnly = false,
                AllowedOrigins = [],
                PublicUrl = null,
            },
            Auth = new() { ApiKeys = [] },
            VCluster = new()
            {
                Executable = null,
                Helm = null,
                Kubectl = null,
                Versions = new Dictionary<string, string> { ["1.35"] = "v1.35.0" },
                DefaultKubernetesVersion = "1.35",
                DefaultTtlHours = 24,
                NamespacePrefix = "",
                ReservedNamespaces = [],
                DeniedValues = [],
                Values = [],
                MaxParallel = 4,
                MaxClusters = null,
                Timeouts = new()
                {
                    Command = TimeSpan.FromMinutes(5),
                    Ready = TimeSpan.FromMinutes(5),
                    Problem = TimeSpan.FromMinutes(1),
                    Gone = TimeSpan.FromMinutes(5),
                },
            },
            Kubernetes = new() { Kubeconfig = null, Context = null },
            Processes = new() { Environment = [] },
            Database = database,
        };
}
