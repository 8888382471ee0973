using CsCheck;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class YamlTests
{
    [Theory]
    [InlineData("server:\n  port: 1\n  port: 2\n", ":3: the key \"port\" is given twice, first in line 2")]
    [InlineData("server:\n  port: 1\nserver:\n  debug: true\n", ":3: the key \"server\" is given twice, first in line")]
    [InlineData("server: &x\n  port: 1\n", ":1: &x is an anchor: anchors and aliases are not supported")]
    [InlineData("server:\n  <<: {port: 1}\n", ":2: merge keys (<<) are not supported, write the values out")]
    [InlineData("server:\n  port: !!int 1\n", ":2: tags (tag:yaml.org,2002:int) are not supported")]
    [InlineData("server:\n\tport: 1\n", ":2: a tab is used to indent: YAML takes only spaces")]
    [InlineData("server:\n  port: 1\n\tdebug: true\n", ":3: a tab is used to indent: YAML takes only spaces")]
    [InlineData("server: {port: 1\n", ": is not YAML: ")]
    [InlineData("server:\n  port: 1\n---\nserver: {}\n", ":3: a second document begins here: there can be only one")]
    [InlineData("[a, b]: 1\n", ":1: a key must be one word, not a list or a map")]
    public void What_this_yaml_does_not_have_is_said_with_its_line(string yaml, string message) =>
        new ConfigurationBench()
            .WithYaml(yaml)
            .Errors()
            .ShouldContain(e => e.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void An_alias_is_refused_and_the_rest_is_still_read() =>
        new ConfigurationBench().WithYaml("server: &s\n  port: x\nkubernetes: *s\n").Errors().Count.ShouldBe(3);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("server:\r\n  port: 8000\r\n")]
    [InlineData("\uFEFFserver: {port: 8000}\n")]
    [InlineData("server: {port: 8000}\n# \ta comment\n")]
    [InlineData("server: {port: 8000}\nvcluster:\n  values:\n    a: |\n      x\n      \ty\n")]
    public void Harmless_shapes_are_taken(string yaml) =>
        new ConfigurationBench().WithYaml(yaml).Options().Server.Port.ShouldBe(8000);

    [Fact]
    public void Endless_nesting_is_refused() =>
        new ConfigurationBench()
            .WithYaml("vcluster: {values: " + new string('[', 5000) + new string(']', 5000) + "}")
            .Errors()
            .ShouldNotBeEmpty();

    [Fact]
    public void Whatever_the_file_holds_reading_it_ends_in_options_or_errors() =>
        Gen.String[Gen.Char["server:port \n\t-{}[]'\"&*!|>#,0129~"], 0, 60]
            .Sample(
                yaml =>
                {
                    var bench = new ConfigurationBench().WithYaml(yaml);
                    return bench.Errors().Count > 0 || bench.Options().Server.Port > 0;
                },
                iter: 2000
            );
}
