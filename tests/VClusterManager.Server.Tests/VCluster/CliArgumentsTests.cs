using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class CliArgumentsTests
{
    private static readonly NamespacedName Demo = new("team-a", "demo");

    [Fact]
    public void Create_neither_connects_nor_calls_the_platform_nor_makes_the_namespace() =>
        string.Join(' ', CliArguments.Create(Demo, "/f/values.yaml", upgrade: false, context: null))
            .ShouldBe(
                "create demo --namespace team-a --connect=false --add=false --create-namespace=false --values /f/values.yaml"
            );

    [Fact]
    public void Upgrade_names_the_context_when_there_is_one() =>
        string.Join(' ', CliArguments.Create(Demo, "/f/values.yaml", upgrade: true, context: "eks"))
            .ShouldBe(
                "create demo --namespace team-a --context eks --connect=false --add=false --create-namespace=false --upgrade --values /f/values.yaml"
            );

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, " --keep-pvc")]
    public void Delete_does_not_wait_and_leaves_the_namespace_and_the_kubeconfig_alone(bool keep, string flag) =>
        string.Join(' ', CliArguments.Delete(Demo, keep, context: null))
            .ShouldBe(
                "delete demo --namespace team-a --wait=false --auto-delete-namespace=false --delete-context=false"
                    + flag
            );

    [Fact]
    public void The_other_verbs_always_name_the_namespace()
    {
        string.Join(' ', CliArguments.Pause(Demo, "eks")).ShouldBe("pause demo --namespace team-a --context eks");
        string.Join(' ', CliArguments.Resume(Demo, null)).ShouldBe("resume demo --namespace team-a");
        string.Join(' ', CliArguments.HelmUninstall(Demo, "eks"))
            .ShouldBe("uninstall demo --namespace team-a --kube-context eks");
        string.Join(' ', CliArguments.HelmHistory(Demo, null))
            .ShouldBe("history demo --namespace team-a --output json");
        string.Join(' ', CliArguments.HelmRollback(Demo, 3, null)).ShouldBe("rollback demo 3 --namespace team-a");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("")]
    public void A_flag_does_not_pass_for_a_name(string name) =>
        Should.Throw<ArgumentException>(() => CliArguments.Delete(new("team-a", name), false, null));

    [Theory]
    [InlineData(
        """[{"revision":1,"status":"superseded"},{"revision":2,"status":"deployed"},{"revision":3,"status":"pending-upgrade"}]""",
        2
    )]
    [InlineData(
        """[{"revision":1,"status":"deployed"},{"revision":2,"status":"failed"},{"revision":3,"status":"pending-upgrade"}]""",
        1
    )]
    [InlineData(
        """[{"revision":2,"status":"superseded"},{"revision":10,"status":"superseded"},{"revision":11,"status":"pending-rollback"}]""",
        10
    )]
    [InlineData("""[{"revision":1,"status":"pending-install"}]""", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("not json", null)]
    public void A_rollback_goes_to_the_revision_that_was_deployed_last(string history, int? revision) =>
        HelmHistory.LastDeployed(history).ShouldBe(revision);
}
