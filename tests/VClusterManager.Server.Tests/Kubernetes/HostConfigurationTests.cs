using k8s.Exceptions;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>Kubeconfigs as people have them.</summary>
public sealed class HostConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_plugin_that_a_kubeconfig_of_EKS_names_is_run()
    {
        var plugin = Write(
            "plugin",
            """
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"$1 of $CLUSTER\"}}"
            """
        );
        var file = Write(
            "config",
            $"""
            apiVersion: v1
            kind: Config
            preferences: {"{}"}
            current-context: eks
            clusters:
            - name: eks
              cluster:
                server: https://host.example:6443
                insecure-skip-tls-verify: true
                extensions:
                - name: about
                  extension: {"{provider: x, last-update: today}"}
            contexts:
            - name: eks
              context: {"{cluster: eks, user: eks}"}
            users:
            - name: eks
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: sh
                  args: [{plugin}, token]
                  env:
                  - name: CLUSTER
                    value: eks-1
                  interactiveMode: IfAvailable
                  provideClusterInfo: false

            """
        );

        var read = Read(file);

        read.Host.ShouldBe("https://host.example:6443");
        read.AccessToken.ShouldBe("token of eks-1");
        read.SkipTlsVerify.ShouldBeTrue();
    }

    [Fact]
    public void Of_several_files_the_first_wins()
    {
        var one = Write("one", Context("shared", "https://one.example", "user: {token: first}"));
        var two = Write("two", Context("shared", "https://two.example", "user: {token: second}"));

        var read = Read($"{one}:{two}");

        read.Host.ShouldBe("https://one.example");
        read.AccessToken.ShouldBe("first");
    }

    [Theory]
    [InlineData("")]
    [InlineData("clusters: {not: [a, list")]
    [InlineData("clusters: 7")]
    public void What_is_no_kubeconfig_is_refused_with_its_name(string text)
    {
        var file = Write("garbage", text);

        Should.Throw<KubeConfigException>(() => Read(file)).Message.ShouldContain(file);
    }

    private static k8s.KubernetesClientConfiguration Read(string files) =>
        new HostConfiguration(new KubernetesOptions { Kubeconfig = files, Context = null }).Read();

    private static string Context(string name, string server, string user) =>
        $"""
            current-context: {name}
            clusters: [{"{"}name: {name}, cluster: {"{"}server: '{server}', insecure-skip-tls-verify: true{"}}"}]
            contexts: [{"{"}name: {name}, context: {"{"}cluster: {name}, user: {name}{"}}"}]
            users: [{"{"}name: {name}, {user}{"}"}]

            """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
