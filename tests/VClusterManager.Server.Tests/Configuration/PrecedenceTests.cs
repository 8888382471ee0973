using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class PrecedenceTests
{
    [Fact]
    public void The_environment_beats_the_file_and_the_file_beats_the_default()
    {
        var options = new ConfigurationBench()
            .WithYaml(
                """
                server:
                  port: 9000
                  instance: from-file
                """
            )
            .WithVariable("SERVER_PORT", "9001")
            .Options();

        options.Server.Port.ShouldBe(9001);
        options.Server.Instance.ShouldBe("from-file");
        options.VCluster.DefaultTtlHours.ShouldBe(24);
    }

    [Fact]
    public void An_empty_variable_counts_as_unset() =>
        new ConfigurationBench()
            .WithYaml("server: {port: 9000}")
            .WithVariable("SERVER_PORT", "")
            .WithVariable("VCM__SERVER__NONSENSE", "")
            .Options()
            .Server.Port.ShouldBe(9000);

    [Fact]
    public void A_key_or_section_without_a_value_counts_as_unset()
    {
        var options = new ConfigurationBench().WithYaml("server:\n  port:\n  instance: ~\nauth:\n").Options();

        options.Server.Port.ShouldBe(8000);
        options.Server.Instance.ShouldBe("default");
    }

    [Fact]
    public void A_long_variable_sets_a_key_that_has_a_short_one_too() =>
        new ConfigurationBench().WithVariable("VCM__SERVER__PORT", "9002").Options().Server.Port.ShouldBe(9002);

    [Fact]
    public void A_key_that_both_of_its_variables_set_is_refused() =>
        new ConfigurationBench()
            .WithVariable("VCM__SERVER__PORT", "9002")
            .WithVariable("SERVER_PORT", "9003")
            .Error()
            .ShouldBe(
                "variable VCM__SERVER__PORT: server.port (SERVER_PORT): is set by SERVER_PORT too: set only one of them"
            );

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("on", false)]
    [InlineData("0", false)]
    [InlineData("release", false)]
    [InlineData("", false)]
    public void Debug_is_on_only_for_true_1_and_yes(string value, bool expected) =>
        new ConfigurationBench().WithVariable("DEBUG", value).Options().Server.Debug.ShouldBe(expected);

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("no", false)]
    public void Other_switches_take_the_usual_words(string value, bool expected) =>
        new ConfigurationBench().WithVariable("READ_ONLY", value).Options().Server.ReadOnly.ShouldBe(expected);

    [Fact]
    public void A_safety_switch_with_a_typing_error_stops_the_start() =>
        new ConfigurationBench()
            .WithVariable("READ_ONLY", "ture")
            .Error()
            .ShouldBe("variable READ_ONLY: server.read_only: must be true or false, not \"ture\"");

    [Fact]
    public void Maps_merge_over_the_default_and_null_takes_an_entry_away()
    {
        var options = new ConfigurationBench()
            .WithYaml(
                """
                vcluster:
                  versions:
                    "1.36": v1.36.1
                    "1.32": null
                  values:
                    policies:
                      limitRange: null
                      resourceQuota:
                        quota: {count/pods: 50}
                """
            )
            .WithVariable("VCM__VCLUSTER__VERSIONS__1_35", "v1.35.9")
            .Options()
            .VCluster;

        options.Versions.ShouldBe(
            new Dictionary<string, string>
            {
                ["1.35"] = "v1.35.9",
                ["1.34"] = "v1.34.0",
                ["1.33"] = "v1.33.4",
                ["1.36"] = "v1.36.1",
            },
            ignoreOrder: true
        );
        options.DefaultKubernetesVersion.ShouldBe("1.36");
        options
            .Values.ToJsonString()
            .ShouldBe(
                """{"policies":{"resourceQuota":{"enabled":true,"quota":{"count/pods":50}},"podSecurityStandard":"baseline"}}"""
            );
    }

    [Fact]
    public void A_variable_sets_a_whole_map_or_an_entry_of_it()
    {
        var options = new ConfigurationBench()
            .WithVariable("VCM__VCLUSTER__VERSIONS", """{"1.36": "v1.36.0", "1.32": null}""")
            .WithVariable("VCM__VCLUSTER__VALUES__POLICIES__PODSECURITYSTANDARD", "restricted")
            .WithVariable("VCM__VCLUSTER__VALUES__controlPlane__coredns__enabled", "false")
            .Options()
            .VCluster;

        options.Versions.Keys.ShouldBe(["1.36", "1.35", "1.34", "1.33"], ignoreOrder: true);
        options.Values["policies"]!["podSecurityStandard"]!.GetValue<string>().ShouldBe("restricted");
        options.Values["controlPlane"]!["coredns"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void A_list_in_a_variable_is_separated_by_commas_and_replaces_the_other_one()
    {
        var bench = new ConfigurationBench()
            .WithYaml("processes: {environment: [FROM_FILE]}")
            .WithVariable("VCM__PROCESSES__ENVIRONMENT", " AWS_*, NO_PROXY ,")
            .WithVariable("ALLOWED_ORIGINS", """["https://a.example.com", "http://localhost:3000"]""");

        bench.Options().Processes.Environment.ShouldBe(["AWS_*", "NO_PROXY"]);
        bench.Options().Server.AllowedOrigins.ShouldBe(["https://a.example.com", "http://localhost:3000"]);
    }

    [Fact]
    public void Relative_paths_count_from_the_file_or_from_the_working_folder()
    {
        var fromFile = new ConfigurationBench().WithYaml(
            """
            kubernetes: {kubeconfig: host.yaml}
            database: {url: "sqlite:db/x.db"}
            vcluster: {executable: bin/vcluster, helm: helm3}
            """
        );
        fromFile.Options().Kubernetes.Kubeconfig.ShouldBe("/etc/vcm/host.yaml");
        fromFile.Options().Database.File.ShouldBe("/etc/vcm/db/x.db");
        fromFile.Options().VCluster.Executable.ShouldBe("/etc/vcm/bin/vcluster");
        fromFile.Options().VCluster.Helm.ShouldBe("helm3");

        var fromVariables = new ConfigurationBench()
            .WithVariable("HOME", "/home/me")
            .WithVariable("KUBECONFIG", "a.yaml:~/.kube/config")
            .WithVariable("DATABASE_URL", "sqlite:x.db");
        fromVariables.Options().Kubernetes.Kubeconfig.ShouldBe("/srv/a.yaml:/home/me/.kube/config");
        fromVariables.Options().Database.File.ShouldBe("/srv/x.db");
    }

    [Fact]
    public void A_version_that_yaml_would_take_for_a_number_is_read_as_written() =>
        new ConfigurationBench()
            .WithYaml("vcluster: {versions: {\"1.30\": v1.30.2}, default_k8s_version: 1.30}")
            .Options()
            .VCluster.DefaultKubernetesVersion.ShouldBe("1.30");

    [Fact]
    public void The_managers_own_namespace_is_reserved() =>
        new ConfigurationBench()
            .WithFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "vcm-system\n")
            .WithYaml("vcluster: {reserved_namespaces: [prod-*]}")
            .Options()
            .VCluster.ReservedNamespaces.ShouldBe(["kube-*", "default", "vcm-system", "prod-*"]);
}
