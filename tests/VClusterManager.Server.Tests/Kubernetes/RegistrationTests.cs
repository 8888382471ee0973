using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

public sealed class RegistrationTests
{
    [Fact]
    public async Task The_three_rooms_can_be_built_from_the_options_alone()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(
                TestOptions.Over(
                    new DatabaseOptions
                    {
                        Kind = DatabaseKind.Sqlite,
                        ConnectionString = "",
                        File = null,
                        ListenConnectionString = null,
                    }
                )
            )
            .AddSingleton(new AccessOptions())
            .AddProcesses()
            .AddKubernetes()
            .AddVCluster()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        services.GetServices<IHostedService>().Count().ShouldBe(2);
        services.GetRequiredService<HostReads>().ShouldNotBeNull();
        services.GetRequiredService<HostWrites>().ShouldNotBeNull();
        services.GetRequiredService<HostView>().Freshness.Synced.ShouldBeFalse();
        services.GetRequiredService<VClusterCli>().ShouldNotBeNull();
        services.GetRequiredService<KubernetesVersions>().ShouldNotBeNull();
        services.GetRequiredService<ToolState>().Report.Problems.ShouldBeEmpty();
    }
}
