using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Configuration.Reference;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed partial class DefaultsTests
{
    [Fact]
    public void Nothing_configured_is_a_valid_configuration_with_every_door_closed()
    {
        var options = new ConfigurationBench().Options();

        options.Server.Host.ShouldBe(IPAddress.Any);
        options.Server.Port.ShouldBe(8000);
        options.Server.Debug.ShouldBeFalse();
        options.Server.ReadOnly.ShouldBeFalse();
        options.Server.Tls.ShouldBeNull();
        options.Server.Instance.ShouldBe("default");
        options.Server.PublicUrl.ShouldBeNull();
        options.Server.AllowedOrigins.ShouldBeEmpty();
        options.Server.TrustedProxies.ShouldBeEmpty();
        options.Server.Limits.ShouldBe(new LimitOptions());
        options.Audit.ShouldBe(new AuditOptions());
        options.Access.ShouldBe(new AccessOptions());
        options.Auth.ApiKeys.ShouldBeEmpty();
        options.Kubernetes.Kubeconfig.ShouldBeNull();
        options.Processes.Environment.ShouldBe(["AWS_*", "*_PROXY", "SSL_CERT_*"]);
        options.Database.Kind.ShouldBe(DatabaseKind.Sqlite);
        options.Database.File.ShouldBe("/srv/data/vcluster-manager.db");
    }

    [Fact]
    public void Clusters_are_bounded_by_default()
    {
        var options = new ConfigurationBench().Options().VCluster;

        options.DefaultTtlHours.ShouldBe(24);
        options.MaxParallel.ShouldBe(4);
        options.MaxClusters.ShouldBeNull();
        options.DefaultKubernetesVersion.ShouldBe("1.35");
        options.Versions["1.34"].ShouldBe("v1.34.0");
        options.ReservedNamespaces.ShouldBe(["kube-*", "default"]);
        options.DeniedValues.ShouldContain("controlPlane.hostPathMapper");
        options
            .Values.ToJsonString()
            .ShouldBe(
                """{"policies":{"resourceQuota":{"enabled":true},"limitRange":{"enabled":true},"podSecurityStandard":"baseline"}}"""
            );
        options.Timeouts.Ready.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void The_sample_file_as_it_is_changes_nothing() =>
        Describe(new ConfigurationBench().WithYaml(SampleFile.Write()).Options())
            .ShouldBe(Describe(new ConfigurationBench().Options()));

    [Fact]
    public void The_sample_file_with_every_key_uncommented_says_the_defaults()
    {
        var uncommented = CommentedKey.Replace(SampleFile.Write(), "${indent}");
        uncommented.ShouldContain("\n  port: 8000\n");
        var bench = new ConfigurationBench()
            .WithFile("/srv/config/config.yaml", uncommented)
            .WithVariable("CONFIG_PATH", "config/config.yaml");

        Describe(bench.Options()).ShouldBe(Describe(new ConfigurationBench().Options()));
    }

    private static string Describe(ManagerOptions options) =>
        System.Text.Json.JsonSerializer.Serialize(
            new
            {
                options.Server.Port,
                options.Server.Debug,
                Host = $"{options.Server.Host}",
                options.Server.Tls,
                options.Server.Instance,
                options.Server.AllowedOrigins,
                options.Server.PublicUrl,
                TrustedProxies = options.Server.TrustedProxies.Select(network => network.ToString()),
                options.Server.Limits,
                options.Audit,
                options.Auth,
                options.VCluster,
                options.Kubernetes,
                options.Processes,
                options.Database,
            }
        );

    /// <summary>Prose begins with "# "; a key, and what stands indented below it, with a bare "#".</summary>
    [GeneratedRegex(
        "^(?<indent> *)#(?=\\S|  )",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex CommentedKey { get; }
}
