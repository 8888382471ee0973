using Shouldly;
using VClusterManager.Server.Kubernetes.Reaching;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

public sealed class KubeconfigServerTests
{
    private const string Own = """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: QQ==
            server: https://localhost:8443
          name: my-vcluster
        """;

    [Theory]
    [InlineData("https://localhost:8443", true)]
    [InlineData("https://LOCALHOST:8443", true)]
    [InlineData("https://demo.example.com", false)]
    [InlineData("https://127.0.0.1:40000", false)]
    public void An_address_that_only_the_cluster_itself_can_reach_is_known(string server, bool isOwn) =>
        KubeconfigServer
            .IsOnlyForItself(Own.Replace("https://localhost:8443", server, StringComparison.Ordinal))
            .ShouldBe(isOwn);

    [Fact]
    public void Another_address_takes_its_place_and_the_rest_stays()
    {
        KubeconfigServer
            .Replace(Own, "https://demo.ns.svc:443", serverName: null)
            .ShouldBe(Own.Replace("https://localhost:8443", "https://demo.ns.svc:443", StringComparison.Ordinal));

        var balanced = KubeconfigServer.Replace(Own, "https://lb:443", "demo.ns.svc");
        balanced.ShouldContain("    server: https://lb:443\n    tls-server-name: demo.ns.svc\n  name: my-vcluster");
    }
}
