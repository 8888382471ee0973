using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class CheckConfigTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void A_good_file_is_called_good()
    {
        Run(new ConfigurationBench().WithFile("/srv/x.yaml", "server: {port: 1}"), "x.yaml").ShouldBe(0);

        _output.ToString().ShouldBe($"/srv/x.yaml: all is well.{Environment.NewLine}");
        _error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void What_a_good_file_names_is_checked_too()
    {
        var bench = new ConfigurationBench().WithFile("/srv/x.yaml", "server: {port: 1}");

        CheckConfig.Run(["x.yaml"], bench.Sources, _output, _error, _ => ["endpoints.yaml:1: is wrong"]).ShouldBe(1);

        _error.ToString().ShouldBe($"endpoints.yaml:1: is wrong{Environment.NewLine}1 error.{Environment.NewLine}");
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void A_bad_file_is_explained_error_by_error()
    {
        Run(new ConfigurationBench().WithFile("/srv/x.yaml", "server:\n  port: 0\n  x: 1"), "x.yaml").ShouldBe(1);

        var lines = _error.ToString().TrimEnd().Split(Environment.NewLine);
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("/srv/x.yaml:2: server.port (SERVER_PORT): must be");
        lines[^1].ShouldBe("2 errors.");
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error()
    {
        Run(new ConfigurationBench(), "x.yaml").ShouldBe(1);

        _error.ToString().ShouldContain("there is no file /srv/x.yaml");
    }

    [Fact]
    public void Without_a_file_it_looks_where_the_server_would()
    {
        Run(new ConfigurationBench().WithYaml("server: {port: 1}")).ShouldBe(0);
        _output.ToString().ShouldContain(ConfigurationBench.File);

        Run(new ConfigurationBench()).ShouldBe(0);
        _output.ToString().ShouldContain("No file");
    }

    [Fact]
    public void Called_wrongly_it_says_how()
    {
        Run(new ConfigurationBench(), "a", "b").ShouldBe(2);
        Run(new ConfigurationBench(), "--help").ShouldBe(2);

        _error.ToString().ShouldContain("usage: vcluster-manager check-config [FILE]");
    }

    [Fact]
    public void The_shipped_file_is_good_as_it_lies_on_the_disk()
    {
        var sources = new ConfigurationBench().Sources with { ReadFile = ReadIfThere };

        CheckConfig
            .Run([Path.Combine(RepositoryFolder.Path, "config", "config.yaml")], sources, _output, _error)
            .ShouldBe(0, _error.ToString());
    }

    private static string? ReadIfThere(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private int Run(ConfigurationBench bench, params string[] args) =>
        CheckConfig.Run(args, bench.Sources, _output, _error);
}
