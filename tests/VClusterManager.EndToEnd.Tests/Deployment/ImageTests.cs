using Shouldly;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The Dockerfile, as far as it can be judged without an engine; eng/check-image.sh publishes as it does.</summary>
public sealed class ImageTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    public void All_that_it_takes_is_there_and_reaches_the_build()
    {
        var let = Repository
            .Read(".dockerignore")
            .Split('\n')
            .Where(line => line.StartsWith('!'))
            .Select(line => line.TrimStart('!').Replace("/**", "", Ordinal))
            .ToList();
        foreach (var source in ImageFile.Sources)
        {
            Path.Exists(Path.Combine(Repository.Folder, source)).ShouldBeTrue(source);
            let.ShouldContain(allowed => source == allowed || source.StartsWith(allowed + "/", Ordinal), source);
        }
    }

    [Fact]
    public void Every_project_that_the_server_is_made_of_is_taken()
    {
        var project = Repository.Read("src", "VClusterManager.Server", "VClusterManager.Server.csproj");
        var references = project
            .Split("ProjectReference Include=\"../")[1..]
            .Select(rest => rest.Split('/')[0])
            .ToList();
        references.ShouldNotBeEmpty();
        foreach (var reference in references)
        {
            ImageFile.Sources.ShouldContain($"src/{reference}");
        }
    }

    [Fact]
    public void Every_download_is_pinned_and_checked()
    {
        ImageFile.Instructions.ShouldNotContain(line => line.Contains(":latest", Ordinal));
        foreach (var tool in (string[])["VCLUSTER", "HELM", "KUBECTL"])
        {
            ImageFile.Argument($"{tool}_VERSION").ShouldNotBeNull().ShouldMatch(@"^\d+\.\d+\.\d+$");
            foreach (var arch in (string[])["AMD64", "ARM64"])
            {
                var sum = $"ARG {tool}_SHA256_{arch}";
                ImageFile.Instructions.ShouldContain(line => line == sum || line.StartsWith(sum + '=', Ordinal));
            }
        }

        var downloads = ImageFile.Instructions.Single(line => line.Contains("curl ", Ordinal));
        downloads.Split("curl ").Length.ShouldBe(2, "all of them go through the one function that checks");
        downloads.ShouldContain("sha256sum --check --strict");
    }

    [Fact]
    public void Its_tools_are_of_versions_that_the_manager_is_tested_with()
    {
        // Of kubectl, one minor version up or down of the host's is what Kubernetes supports.
        ImageFile.Argument("VCLUSTER_VERSION").ShouldBe("0.34.7");
        new Version(ImageFile.Argument("HELM_VERSION")!).ShouldBeGreaterThan(new Version(3, 10));
        new Version(ImageFile.Argument("KUBECTL_VERSION")!).Minor.ShouldBe(35);
    }

    [Fact]
    public void What_only_bash_understands_is_given_to_bash()
    {
        var bash = false;
        foreach (var line in ImageFile.Instructions)
        {
            bash = line.StartsWith("FROM ", Ordinal) ? false : bash || line.StartsWith("SHELL [\"/bin/bash\"", Ordinal);
            if (line.StartsWith("RUN ", Ordinal) && !bash)
            {
                line.ShouldNotMatch(@"\$\{\w+[/^,:]|\[\[|pipefail|<<<", "sh of the image is dash");
            }
        }
    }

    [Fact]
    public void It_runs_as_nobody_in_particular_and_begins_with_the_server()
    {
        ImageFile.User.ShouldBeGreaterThan(0);
        ImageFile.Instructions[^1].ShouldBe("ENTRYPOINT [\"/app/vcluster-manager\"]");
        ImageFile.Instructions.ShouldContain(line => line.StartsWith("LABEL org.opencontainers.image.title", Ordinal));
    }
}
