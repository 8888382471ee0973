using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>A manager whose host is not the current context of the kubeconfig, and which changes nothing.</summary>
public sealed class HostContextTests(HostContextTests.Host host) : IClassFixture<HostContextTests.Host>
{
    [Fact]
    public async Task Commands_use_the_configured_context_and_the_file_keeps_its_own()
    {
        var before = await File.ReadAllTextAsync(host.Kubeconfig, TestContext.Current.CancellationToken);

        var nodes = await host.Admin.GetAsync("/api/dynamic/nodes");

        nodes.ShouldBe(200).Json["items"]!.AsArray().ShouldNotBeEmpty();
        (await File.ReadAllTextAsync(host.Kubeconfig, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task A_server_that_is_read_only_runs_what_reads_and_nothing_else()
    {
        (await host.Admin.GetAsync("/api/dynamic/nodes")).ShouldBe(200);
        (await host.Admin.PostAsync("/api/dynamic/label")).ShouldBeProblem(503);
    }

    public sealed class Host : DynamicHost
    {
        internal string Kubeconfig => Path.Combine(Folder, "kubeconfig.yaml");

        private protected override string Yaml =>
            """
                endpoints:
                  - name: nodes
                    description: Nodes.
                    path: /nodes
                    command: kubectl
                    args: [get, nodes, --output=json]
                    output: json
                  - name: label
                    description: Changes something.
                    method: POST
                    path: /label
                    command: kubectl
                    args: [label, namespace, default, a=b]
                """;

        private protected override ManagerOptions Configure(ManagerOptions options)
        {
            options = base.Configure(options);
            var lines = System.IO.File.ReadAllLines(options.Kubernetes.Kubeconfig!);
            var current = lines.Single(l => l.StartsWith("current-context:", StringComparison.Ordinal));
            System.IO.File.WriteAllLines(Kubeconfig, lines.Select(l => l == current ? "current-context: nowhere" : l));
            return options with
            {
                Server = options.Server with { ReadOnly = true },
                Kubernetes = options.Kubernetes with
                {
                    Kubeconfig = Kubeconfig,
                    Context = current["current-context:".Length..].Trim().Trim('"'),
                },
            };
        }
    }
}
