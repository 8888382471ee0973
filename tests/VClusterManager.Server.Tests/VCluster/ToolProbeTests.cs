using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Tests.Processes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class ToolProbeTests : IDisposable
{
    private const string Helm = "echo v3.17.0+g301108e";
    private const string Kubectl = "echo 'Client Version: v1.35.0'; echo 'Kustomize Version: v5.7.1'";
    private readonly ToolBench _bench = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ToolState _state = new();

    public void Dispose() => _bench.Dispose();

    private ToolProbe Probe() =>
        new(
            _bench.Runner,
            new ToolLocations(
                TestOptions.VCluster with
                {
                    Executable = Path.Combine(_bench.Tools, "vcluster"),
                    Helm = Path.Combine(_bench.Tools, "helm"),
                    Kubectl = Path.Combine(_bench.Tools, "kubectl"),
                }
            ),
            _state,
            _time,
            NullLogger<ToolProbe>.Instance
        );

    [Fact]
    public async Task Versions_are_told()
    {
        await _bench.MakeToolAsync("vcluster", "echo vcluster version 0.34.7");
        await _bench.MakeToolAsync("helm", Helm);
        await _bench.MakeToolAsync("kubectl", Kubectl);
        using var probe = Probe();

        var report = await probe.ProbeAsync(CancellationToken.None);

        report.Problems.ShouldBeEmpty();
        report.VClusterVersion.ShouldBe("0.34.7");
        report.HelmVersion.ShouldBe("3.17.0");
        report.KubectlVersion.ShouldBe("1.35.0");
    }

    [Fact]
    public async Task A_tool_that_fails_or_is_too_old_is_a_problem_in_words()
    {
        var vcluster = await _bench.MakeToolAsync(
            "vcluster",
            "echo '10:00:00 fatal error building root: mkdir /x: read-only' >&2; exit 1"
        );
        await _bench.MakeToolAsync("helm", "echo v3.9.4+gdbc6d8e");
        await _bench.MakeToolAsync("kubectl", Kubectl);
        using var probe = Probe();

        var report = await probe.ProbeAsync(CancellationToken.None);

        report.VClusterVersion.ShouldBeNull();
        report.Problems.ShouldBe([
            $"{vcluster} does not tell its version: error building root: mkdir /x: read-only",
            "helm 3.9.4 is too old: vcluster needs 3.10 or newer",
        ]);
    }

    [Fact]
    public async Task A_missing_tool_is_looked_for_again_until_it_is_there()
    {
        await _bench.MakeToolAsync("vcluster", "echo vcluster version 0.34.7");
        await _bench.MakeToolAsync("helm", Helm);
        using var probe = Probe();

        await probe.StartAsync(CancellationToken.None);
        await ToolBench.WaitUntil(() => _state.Report.VClusterVersion is not null);
        _state
            .Report.Problems.ShouldHaveSingleItem()
            .ShouldStartWith("kubectl was not found: vcluster.kubectl (VCM__VCLUSTER__KUBECTL) names ");

        await _bench.MakeToolAsync("kubectl", Kubectl);
        await ToolBench.WaitUntil(() =>
        {
            _time.Advance(ToolProbe.Again);
            return _state.Report.Problems.Count == 0;
        });

        _state.Report.KubectlVersion.ShouldBe("1.35.0");
        await probe.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void What_is_not_on_the_path_names_the_key_and_the_variable() =>
        new ToolLocation("vcluster", "executable", null).Missing.ShouldBe(
            "vcluster was not found on PATH; set vcluster.executable (VCM__VCLUSTER__EXECUTABLE)"
        );
}
