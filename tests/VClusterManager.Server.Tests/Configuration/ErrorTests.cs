using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class ErrorTests
{
    [Fact]
    public void Every_error_is_told_at_once_with_its_line_key_and_variable()
    {
        var errors = new ConfigurationBench()
            .WithYaml(
                """
                server:
                  port: 80000
                  prot: 1
                  read_only: "yes"
                vcluster:
                  default_ttl_hours: many
                  timeouts: {ready: 3 minutes, gone: 0s}
                billing:
                  github: {enabled: true}
                """
            )
            .WithVariable("INSTANCE", "Has Capitals")
            .WithVariable("VCM__VCLUSTER__MAX_PARALEL", "3")
            .Errors();

        errors.ShouldBe([
            "/etc/vcm/config.yaml:2: server.port (SERVER_PORT): must be a whole number from 1 to 65535, not 80000",
            "/etc/vcm/config.yaml:3: server.prot (VCM__SERVER__PROT): is not a known key; did you mean server.port?",
            "/etc/vcm/config.yaml:4: server.read_only (READ_ONLY): must be true or false, not \"yes\"",
            "/etc/vcm/config.yaml:6: vcluster.default_ttl_hours (DEFAULT_TTL_HOURS): must be a whole number from 1 to 720, not \"many\"",
            "/etc/vcm/config.yaml:7: vcluster.timeouts.ready (VCM__VCLUSTER__TIMEOUTS__READY): must be a duration such as 90s, 3m or 1h30m, from 1s to 6h, not \"3 minutes\"",
            "/etc/vcm/config.yaml:7: vcluster.timeouts.gone (VCM__VCLUSTER__TIMEOUTS__GONE): must be a duration such as 90s, 3m or 1h30m, from 1s to 6h, not \"0s\"",
            "/etc/vcm/config.yaml:9: billing (VCM__BILLING): is not a known key",
            "variable INSTANCE: server.instance: must be 1 to 40 lower-case letters, digits and '-', with a letter or digit at both ends, not \"Has Capitals\"",
            "variable VCM__VCLUSTER__MAX_PARALEL: vcluster.max_paralel: is not a known key; did you mean vcluster.max_parallel?",
        ]);
    }

    [Theory]
    [InlineData("server: {port: \"80\"}", "must be a whole number from 1 to 65535, not \"80\": leave the quotes away")]
    [InlineData(
        "server: {instance: 12}",
        "must be 1 to 40 lower-case letters, digits and '-', with a letter or digit at both ends, not 12: put it in quotes"
    )]
    [InlineData("server: {instance: [a]}", "not a list")]
    [InlineData("server: {port: {a: 1}}", "not a map")]
    [InlineData("server: {port: 1.5}", "not 1.5")]
    [InlineData("server: 12", "must be a map of keys, not a number")]
    [InlineData("- server", "must be a map of sections, not a list")]
    [InlineData(
        "server: {allowed_origins: https://a.example.com}",
        "must be a list of origins, not \"https://a.example.com\""
    )]
    [InlineData("server: {allowed_origins: ['*']}", "server.allowed_origins.0")]
    [InlineData("server: {allowed_origins: ['https://a.example.com/path']}", "must be an origin")]
    [InlineData("server: {public_url: 'ftp://a'}", "must be an http or https address")]
    [InlineData("server: {host: example}", "must be an IP address")]
    [InlineData("vcluster: {versions: {latest: v1.35.0}}", "the name \"latest\" must be a minor version such as 1.35")]
    [InlineData("vcluster: {versions: {1.35: banana}}", "must be an image tag such as v1.35.0")]
    [InlineData("vcluster: {values: [a]}", "must be a map, as in vcluster.yaml, not a list")]
    [InlineData("vcluster: {values: {a: .inf}}", "JSON")]
    [InlineData("processes: {environment: ['*']}", "must be the name of a variable")]
    [InlineData("vcluster: {denied_values: ['a..b']}", "must be a path such as")]
    public void What_is_wrong_is_said_in_words(string yaml, string words) =>
        new ConfigurationBench().WithYaml(yaml).Error().ShouldContain(words);

    [Fact]
    public void A_default_version_that_is_not_on_offer_lists_those_that_are() =>
        new ConfigurationBench()
            .WithVariable("DEFAULT_K8S_VERSION", "1.25")
            .Error()
            .ShouldBe(
                "variable DEFAULT_K8S_VERSION: vcluster.default_k8s_version: is not on offer: 1.25. On offer are 1.35, 1.34, 1.33, 1.32"
            );

    [Theory]
    [InlineData("1.34")]
    [InlineData("v1.34")]
    [InlineData("1.34.0")]
    [InlineData("v1.34.0")]
    public void The_default_version_may_be_written_in_every_usual_way(string version) =>
        new ConfigurationBench()
            .WithVariable("DEFAULT_K8S_VERSION", version)
            .Options()
            .VCluster.DefaultKubernetesVersion.ShouldBe("1.34");

    [Fact]
    public void A_file_that_is_named_but_missing_stops_the_start() =>
        new ConfigurationBench()
            .WithVariable("CONFIG_PATH", "nowhere.yaml")
            .Error()
            .ShouldBe("variable CONFIG_PATH: there is no file /srv/nowhere.yaml");

    [Fact]
    public void The_file_beside_the_program_is_read_when_it_is_there() =>
        new ConfigurationBench()
            .WithFile("/program/config/config.yaml", "server: {port: 9004}")
            .Options()
            .Server.Port.ShouldBe(9004);

    [Fact]
    public void Tls_needs_both_files_and_both_must_be_there()
    {
        new ConfigurationBench()
            .WithVariable("TLS_CERTIFICATE", "/tls/tls.crt")
            .Error()
            .ShouldBe(
                "server.tls.key (TLS_KEY): is missing: it is needed beside server.tls.certificate (TLS_CERTIFICATE)"
            );

        new ConfigurationBench()
            .WithVariable("TLS_CERTIFICATE", "/tls/tls.crt")
            .WithVariable("TLS_KEY", "/tls/tls.key")
            .WithFile("/tls/tls.crt", "pem")
            .Error()
            .ShouldBe("variable TLS_KEY: server.tls.key: names /tls/tls.key, which is not there or cannot be read");
    }

    [Fact]
    public void Tls_that_is_complete_is_on()
    {
        var tls = new ConfigurationBench()
            .WithYaml("server: {tls: {certificate: tls.crt, key: /tls/tls.key}}")
            .WithFile("/etc/vcm/tls.crt", "pem")
            .WithFile("/tls/tls.key", "pem")
            .Options()
            .Server.Tls.ShouldNotBeNull();

        tls.Port.ShouldBe(8443);
        tls.Certificate.ShouldBe("/etc/vcm/tls.crt");
    }

    [Fact]
    public void An_entry_of_something_that_has_none_is_named()
    {
        new ConfigurationBench()
            .WithVariable("VCM__SERVER__ALLOWED_ORIGINS__0", "https://a.example.com")
            .Error()
            .ShouldContain("a list is set as a whole, its entries separated by commas");
        new ConfigurationBench().WithVariable("VCM__SERVER__PORT__X", "1").Error().ShouldContain("is not a map");
    }

    [Fact]
    public void A_map_in_a_variable_that_is_no_yaml_is_an_error() =>
        new ConfigurationBench()
            .WithVariable("VCM__VCLUSTER__VERSIONS", "{\"1.36\": ")
            .Error()
            .ShouldStartWith("variable VCM__VCLUSTER__VERSIONS: vcluster.versions: ");
}
