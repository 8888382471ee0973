using Shouldly;
using VClusterManager.Server.Processes;
using Xunit;

namespace VClusterManager.Server.Tests.Processes;

public sealed class ToolEnvironmentTests
{
    [Fact]
    public async Task A_call_sees_nothing_of_this_server_but_what_the_list_lets_through()
    {
        using var bench = new ToolBench();

        var result = await bench.RunAsync(
            ToolBench.Script("env") with
            {
                Environment = new Dictionary<string, string> { ["KUBECONFIG"] = "/k" },
            }
        );

        // PWD, SHLVL, _ and OLDPWD are the shell's own.
        result
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)])
            .Except(["PWD", "OLDPWD", "SHLVL", "_"])
            .Order()
            .ShouldBe(["HOME", "KUBECONFIG", "PATH", "TMPDIR"]);
    }

    [Fact]
    public async Task Allowed_names_and_patterns_pass_but_never_replace_the_folders_of_the_call()
    {
        using var bench = new ToolBench();
        await using var folder = bench.Runner.CreateFolder();
        var inherited = new Dictionary<string, string>
        {
            ["AWS_REGION"] = "eu-central-1",
            ["HTTPS_PROXY"] = "http://proxy",
            ["JWT_SECRET_KEY"] = "secret",
            ["HOME"] = "/root",
            ["PATH"] = "/usr/bin::relative:/bin",
        };

        var environment = ToolEnvironment.For(
            ToolBench.Script("") with
            {
                Path = ["/opt/helm"],
            },
            folder,
            ["AWS_*", "*_PROXY", "HOME"],
            inherited
        );

        environment.Keys.Order().ShouldBe(["AWS_REGION", "HOME", "HTTPS_PROXY", "PATH", "TMPDIR"]);
        environment["HOME"].ShouldBe(folder.Home);
        environment["PATH"].ShouldBe("/opt/helm:/bin:/usr/bin");
    }

    [Theory]
    [InlineData("AWS_PROFILE", "AWS_*", true)]
    [InlineData("AWS_", "AWS_*", true)]
    [InlineData("XAWS_PROFILE", "AWS_*", false)]
    [InlineData("aws_profile", "AWS_*", false)]
    [InlineData("NO_PROXY", "*_PROXY", true)]
    [InlineData("DOTNET_ROOT", "DOTNET_ROOT", true)]
    [InlineData("DOTNET_ROOT_X64", "DOTNET_ROOT", false)]
    public void Patterns_are_case_sensitive_and_whole(string name, string pattern, bool allowed) =>
        ToolEnvironment.IsAllowed(name, [pattern]).ShouldBe(allowed);

    [Fact]
    public void Tools_are_found_on_the_search_path_or_by_their_path()
    {
        ToolPath.Find("sh", "relative:/nowhere:/bin").ShouldBe("/bin/sh");
        ToolPath.Find("/bin/sh").ShouldBe("/bin/sh");
        ToolPath.Find("/etc/passwd").ShouldBeNull("it cannot be executed");
        ToolPath.Find("no-such-tool", "/bin").ShouldBeNull();
    }
}
