using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>A delete goes on by force where the CLI cannot.</summary>
public sealed class ForceTests(ForceTests.FragileHost host) : IClassFixture<ForceTests.FragileHost>
{
    [Fact]
    public async Task Without_a_CLI_a_delete_fails_and_by_force_it_ends()
    {
        await host.Editor.CreateRunningAsync("forced");
        host.LoseTool();

        (await host.Editor.DeleteAsync("/api/clusters/forced?wait=60"))
            .ShouldBe(202)
            .Json.Text("state")
            .ShouldBe("failed");
        (await host.Viewer.GetAsync("/api/clusters/forced")).ShouldBe(200).Json.Text("status").ShouldBe("Failed");

        var forced = (await host.Admin.DeleteAsync("/api/clusters/forced?force=true&wait=60")).ShouldBe(200).Json;
        forced["steps"]![0].Text("message").ShouldStartWith("Forced, since the CLI could not: ");
        (await host.Viewer.GetAsync("/api/clusters?managed=false")).ShouldBe(200).Json.Number("total").ShouldBe(0);
        await host.MakeNamespaceAsync("vcluster-forced");
    }

    /// <summary>A manager that can lose its CLI.</summary>
    public sealed class FragileHost : ManagerHost
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("vcm-tool-").FullName;

        private string Link => Path.Combine(_folder, "vcluster");

        internal void LoseTool() => Directory.Delete(_folder, recursive: true);

        private protected override ManagerOptions Configure(ManagerOptions options)
        {
            File.CreateSymbolicLink(Link, options.VCluster.Executable!);
            return options with { VCluster = options.VCluster with { Executable = Link } };
        }
    }
}
