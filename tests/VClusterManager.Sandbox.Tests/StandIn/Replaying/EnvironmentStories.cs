using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Surroundings in which the CLI cannot work: no home, no helm, no kubeconfig, no server, no rights.</summary>
internal static class EnvironmentStories
{
    private const string Nowhere = "https://127.0.0.1:1";

    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "No home and no helm",
            new Do(stage => stage.ClearEnvironment()),
            new Replay("80-emptyenv-version") { Words = _ => ["vcluster", "--version"] },
            new Do(stage => stage.ResetEnvironment()),
            new Do(stage => stage.Environment["HOME"] = "/proc/nosuch"),
            new Replay("80-rohome-list"),
            new Do(stage => stage.ResetEnvironment()),
            new Do(stage => stage.Environment["PATH"] = "/nowhere"),
            new Replay("80-nohelm-create")
            {
                Words = _ => ["vcluster", "create", "nh", "-n", "t-nh", "--connect=false"],
            }
        ),
        new(
            "A working folder that has the chart's name in it",
            new Do(stage => Directory.CreateDirectory(Path.Combine(stage.Work, "vcluster"))),
            new Replay("84-cwd-has-vcluster-dir")
        ),
        new(
            "No server",
            new Do(stage => stage.ChangeKubeConfig(config => Entry(config, "cluster")["server"] = Nowhere)),
            new Replay("30-unreachable-create-demo-namespace-demo-connect-false"),
            new Replay("30-unreachable-list"),
            new Replay("30-unreachable-list-output-json"),
            new Replay("30-unreachable-connect-demo-n-demo-print"),
            new Replay("30-unreachable-delete-demo-n-demo"),
            new Replay("30-unreachable-describe-demo-n-demo-o-json"),
            new Replay("30-unreachable-pause-demo-n-demo"),
            new Replay("30-unreachable-resume-demo-n-demo")
        ),
        new(
            "A kubeconfig that does not do",
            new Replay("30-badcontext-list"),
            new Do(stage =>
                stage.ChangeKubeConfig(config => Entry(config, "user")["client-key-data"] = "bm90IGEga2V5")
            ),
            new Replay("30-badkey-list"),
            new Do(stage => File.Delete(stage.KubeConfigPath)),
            new Replay("30-nokubeconfig-create"),
            new Replay("30-nokubeconfig-list")
        ),
        new(
            "Nobody in particular",
            new Do(stage => stage.CreateNamespaceAsync("demo")),
            new Do(stage => stage.ChangeKubeConfig(config => Entry(config, "user").Clear())),
            new Replay("30-unauthenticated-create"),
            new Replay("30-unauthenticated-list")
        ),
    ];

    private static JsonObject Entry(JsonObject config, string kind) => config[kind + "s"]![0]![kind]!.AsObject();
}
