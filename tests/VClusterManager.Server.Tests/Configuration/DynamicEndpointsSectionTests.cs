using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class DynamicEndpointsSectionTests
{
    [Fact]
    public void The_file_lies_beside_the_configuration_and_need_not_be_there()
    {
        var options = new ConfigurationBench().WithYaml("").Options().DynamicEndpoints;

        (options.Enabled, options.File, options.IsNamed).ShouldBe((true, "/etc/vcm/endpoints.yaml", false));
        new ConfigurationBench().Options().DynamicEndpoints.File.ShouldBe("/program/config/endpoints.yaml");
    }

    [Fact]
    public void A_file_that_is_named_counts_from_where_it_was_named()
    {
        var inFile = new ConfigurationBench().WithYaml("dynamic_endpoints: {config_path: x/e.yaml}").Options();
        var inVariable = new ConfigurationBench()
            .WithVariable("VCM__DYNAMIC_ENDPOINTS__CONFIG_PATH", "x/e.yaml")
            .Options();

        (inFile.DynamicEndpoints.File, inFile.DynamicEndpoints.IsNamed).ShouldBe(("/etc/vcm/x/e.yaml", true));
        (inVariable.DynamicEndpoints.File, inVariable.DynamicEndpoints.IsNamed).ShouldBe(("/srv/x/e.yaml", true));
    }

    [Theory]
    [InlineData("sh: /bin/sh", "sh")]
    [InlineData("x: bash", "bash")]
    [InlineData("x: /usr/bin/env", "env")]
    [InlineData("x: /usr/bin/python3.13", "python3.13")]
    [InlineData("kubectl: /x/kubectl", "kubectl")]
    public void What_runs_whatever_it_is_told_to_is_no_command(string command, string named) =>
        new ConfigurationBench()
            .WithYaml("dynamic_endpoints: {commands: {" + command + "}}")
            .Error()
            .ShouldContain($"names {named}");

    [Fact]
    public void A_command_is_a_name_and_an_executable() =>
        new ConfigurationBench()
            .WithYaml("dynamic_endpoints: {commands: {argo: /usr/local/bin/argo, flux: flux}}")
            .Options()
            .DynamicEndpoints.Commands.ShouldBe(
                new Dictionary<string, string> { ["argo"] = "/usr/local/bin/argo", ["flux"] = "flux" }
            );
}
