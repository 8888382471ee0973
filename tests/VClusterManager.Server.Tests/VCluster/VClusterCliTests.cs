using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Tests.Processes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class VClusterCliTests : IDisposable
{
    private static readonly NamespacedName Demo = new("team-a", "demo");
    private readonly ToolBench _bench = new();
    private readonly List<ToolLine> _lines = [];

    public void Dispose() => _bench.Dispose();

    private async Task<VClusterCli> CliAsync(string? vcluster, string? helm) =>
        new(
            _bench.Runner,
            new ToolLocations(
                TestOptions.VCluster with
                {
                    Executable = vcluster is null
                        ? "/nowhere/vcluster"
                        : await _bench.MakeToolAsync("vcluster", vcluster),
                    Helm = helm is null ? "/nowhere/helm" : await _bench.MakeToolAsync("helm", helm),
                }
            ),
            new HostConfiguration(new KubernetesOptions { Kubeconfig = "/etc/kube/config", Context = "eks" }),
            TestOptions.VCluster
        );

    [Fact]
    public async Task Create_hands_over_values_a_quiet_home_the_kubeconfig_and_helm()
    {
        var cli = await CliAsync(
            """
            echo "$@"; for last; do :; done; cat "$last"
            stat -c %a "$last"; cat "$HOME/.vcluster/config.json"; echo
            echo "$KUBECONFIG $VCLUSTER_SKIP_VERSION_CHECK"; command -v helm; ls -A
            """,
            "exit 0"
        );

        var result = await cli.CreateAsync(Demo, "a: b\n", upgrade: false, _lines.Add, CancellationToken.None);

        result.Verdict.ShouldBe(CliVerdict.Done);
        var lines = result.Run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("create demo --namespace team-a --context eks --connect=false");
        lines[0].ShouldEndWith("/values.yaml");
        lines[1..5].ShouldBe(["a: b", "600", """{"telemetryDisabled":true}""", "/etc/kube/config true"]);
        lines[5].ShouldBe(Path.Combine(_bench.Tools, "helm"));
        lines.Length.ShouldBe(6, "the working folder is empty");
        _lines.Select(l => l.Text).ShouldBe(lines);
    }

    [Fact]
    public async Task A_tool_that_does_not_exist_is_broken_and_says_which_key_mends_it()
    {
        var cli = await CliAsync(null, null);

        var create = await cli.CreateAsync(Demo, "", upgrade: true, _lines.Add, CancellationToken.None);
        var uninstall = await cli.UninstallReleaseAsync(Demo, _lines.Add, CancellationToken.None);

        create.Verdict.ShouldBe(CliVerdict.ToolBroken);
        create.Message.ShouldBe(
            "vcluster was not found: vcluster.executable (VCM__VCLUSTER__EXECUTABLE) names /nowhere/vcluster, which is not an executable file"
        );
        uninstall.Verdict.ShouldBe(CliVerdict.ToolBroken);
        uninstall.Message.ShouldContain("vcluster.helm (VCM__VCLUSTER__HELM)");
    }

    [Fact]
    public async Task Failures_come_back_as_verdicts_with_the_whole_run()
    {
        var cli = await CliAsync("echo \"10:00:00 fatal couldn't find vcluster demo\" >&2; exit 1", null);

        var result = await cli.DeleteAsync(Demo, keepVolumes: false, _lines.Add, CancellationToken.None);

        result.Verdict.ShouldBe(CliVerdict.NotFoundOrUnreadable);
        result.Run.ExitCode.ShouldBe(1);
        _lines.ShouldHaveSingleItem().IsError.ShouldBeTrue();
    }

    [Fact]
    public async Task A_rollback_goes_to_what_was_deployed_last()
    {
        var cli = await CliAsync(
            null,
            """
            echo "$@" >&2
            [ "$1" = history ] && echo '[{"revision":1,"status":"deployed"},{"revision":2,"status":"failed"},{"revision":3,"status":"pending-upgrade"}]'
            exit 0
            """
        );

        var result = await cli.RollbackReleaseAsync(Demo, _lines.Add, CancellationToken.None);

        result.Verdict.ShouldBe(CliVerdict.Done);
        _lines.ShouldHaveSingleItem().Text.ShouldBe("rollback demo 1 --namespace team-a --kube-context eks");
    }

    [Fact]
    public async Task A_release_that_never_ran_cannot_be_rolled_back()
    {
        var cli = await CliAsync(null, """echo '[{"revision":1,"status":"pending-install"}]'""");

        var result = await cli.RollbackReleaseAsync(Demo, _lines.Add, CancellationToken.None);

        result.Verdict.ShouldBe(CliVerdict.ReleaseMissing);
        _lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancelled_run_is_cancelled()
    {
        var cli = await CliAsync("echo started; sleep 60", null);
        using var cancellation = new CancellationTokenSource();

        var result = await cli.PauseAsync(Demo, _ => cancellation.Cancel(), cancellation.Token);

        result.Verdict.ShouldBe(CliVerdict.Cancelled);
    }

    [Fact]
    public void In_a_cluster_the_tools_get_a_kubeconfig_that_names_the_service_account_files() =>
        HostConfiguration
            .InClusterKubeconfig("https://10.0.0.1:443/")
            .ShouldBe(
                """
                apiVersion: v1
                kind: Config
                current-context: host
                contexts:
                  - name: host
                    context: {cluster: host, user: manager}
                clusters:
                  - name: host
                    cluster:
                      server: "https://10.0.0.1:443"
                      certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
                users:
                  - name: manager
                    user:
                      tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token

                """
            );
}
