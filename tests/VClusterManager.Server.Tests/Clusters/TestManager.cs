using System.Net;
using System.Text.Json.Nodes;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.VCluster;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>Options and callers for tests of pure decisions.</summary>
internal static class TestManager
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Principal Editor { get; } = new("anna", Role.Editor, "api_key", null);

    public static Principal Admin { get; } = new("root", Role.Admin, "api_key", null);

    public static ManagerOptions Options(VClusterOptions? vcluster = null) =>
        new()
        {
            Server = new ServerOptions
            {
                Host = IPAddress.Loopback,
                Port = 8000,
                Debug = false,
                Tls = null,
                Instance = "default",
                ReadOnly = false,
                AllowedOrigins = [],
                PublicUrl = null,
            },
            Auth = new AuthOptions { ApiKeys = [] },
            VCluster = vcluster ?? VCluster,
            Kubernetes = new KubernetesOptions { Kubeconfig = null, Context = null },
            Processes = new ProcessOptions { Environment = [] },
            Database = new DatabaseOptions
            {
                Kind = DatabaseKind.Sqlite,
                ConnectionString = "",
                File = null,
                ListenConnectionString = null,
            },
        };

    public static VClusterOptions VCluster { get; } =
        TestOptions.VCluster with
        {
            DeniedValues = ["experimental", "controlPlane.advanced", "controlPlane.statefulSet"],
            ReservedNamespaces = ["platform", "prod-*"],
        };

    public static ClusterAdmission Admission(VClusterOptions? vcluster = null)
    {
        var options = Options(vcluster);
        return new ClusterAdmission(options, new KubernetesVersions(options.VCluster));
    }

    public static ClusterRow Row(string? values = null) =>
        new()
        {
            Id = Guid.Parse("01930000-0000-7000-8000-000000000002"),
            Name = "demo",
            Namespace = "vcluster-demo",
            KubernetesVersion = "1.34",
            KubernetesImageTag = "v1.34.0",
            ValuesJson = values,
            TtlHours = 24,
            ExpiresAt = Now.AddHours(24),
            Labels = new Dictionary<string, string> { ["team"] = "a" },
            CreatedBy = "anna",
            Source = ClusterSources.Api,
            CreatedAt = Now,
        };

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
