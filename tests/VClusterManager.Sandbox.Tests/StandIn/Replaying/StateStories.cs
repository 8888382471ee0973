using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VClusterManager.Sandbox.Faults;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>What is said of a cluster whose pod is not as it should be.</summary>
internal static class StateStories
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "A pod that has not begun",
            new Do(stage => stage.RunAsync("vcluster", "create", "demo", "-n", "demo", "--connect=false")),
            new Do(stage => stage.UntilPodAsync("demo", "demo", "Init:0/1")),
            new Replay("46-list-state-pending"),
            new Replay("46-describe-state-pending"),
            new Replay("50-connect-print-nosecret") { Meanwhile = EndSilentAsync }
        )
        {
            Options = new() { ReadyDelay = Never },
        },
        new(
            "A pod without a volume",
            new Do(stage => stage.Break(FaultNames.PendingVolume)),
            new Do(stage => stage.RunAsync("vcluster", "create", "p1", "-n", "t-p1", "--connect=false")),
            new Do(stage => stage.UntilPodAsync("t-p1", "p1", "Pending")),
            new Replay("95-perf-list-1-1"),
            new Do(stage => stage.RunAsync("vcluster", "create", "p7", "-n", "t-p7", "--connect=false")),
            new Do(stage => stage.UntilPodAsync("t-p7", "p7", "Pending")),
            new Replay("95-perf-describe-at-50"),
            new Replay("95-perf-describe-nons-at-50"),
            new Replay("95-perf-list-50-ns"),
            new Replay("95-perf-list-200-ns")
        ),
        new(
            "A pod whose image cannot be pulled, one that crashes, one that is not ready, and none",
            new Do(stage => stage.CreateClusterAsync("demo", "demo")),
            new Do(stage => BreakAsync(stage, FaultNames.ImageError, "Init:ImagePullBackOff")),
            new Replay("46-list-state-imagepull") { Tries = 10 },
            new Replay("46-describe-state-imagepull") { Tries = 10 },
            new Do(stage => BreakAsync(stage, FaultNames.CrashLoop, "CrashLoopBackOff")),
            new Replay("46-list-state-crash"),
            new Replay("46-describe-state-crash"),
            new Do(stage => BreakAsync(stage, FaultNames.SlowStart, "Running")),
            new Replay("46-list-state-notready"),
            new Replay("46-describe-state-notready"),
            new Replay("46-connect-print-notready") { Meanwhile = EndSilentAsync },
            new Do(ScaleDownAsync),
            new Replay("45-list-scaled-down"),
            new Replay("45-resume-scaled-down"),
            new Replay("45-connect-scaled-down")
        ),
    ];

    /// <summary>Puts one fault in the place of all others, and makes the pod new so that it meets it.</summary>
    private static async Task BreakAsync(Stage stage, string fault, string status)
    {
        stage.Host.Faults.Clear();
        stage.Break(fault, fault == FaultNames.SlowStart ? "1h" : "");
        var pod = await stage.FindAsync(Kinds.Pods, "demo", "demo-0");
        var before = pod!["metadata"]!["uid"]!.GetValue<string>();
        await stage.Client.DeleteAsync(Kinds.Pods.Item("demo", "demo-0"));
        await Stage.UntilAsync(
            async () =>
                await stage.FindAsync(Kinds.Pods, "demo", "demo-0") is { } now
                && now["metadata"]!["uid"]!.GetValue<string>() != before,
            "the pod is another"
        );
        await stage.UntilPodAsync("demo", "demo", status);
    }

    private static async Task ScaleDownAsync(Stage stage)
    {
        var none = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 0 } };
        await stage.Client.PatchAsync(Kinds.StatefulSets.Item("demo", "demo"), none);
        await Stage.UntilAsync(
            async () => await stage.FindAsync(Kinds.Pods, "demo", "demo-0") is null,
            "the pod is gone"
        );
    }

    /// <summary>The recorder ended it after minutes of silence; here it is enough that it has looked and waits.</summary>
    private static async Task EndSilentAsync(Stage stage, StandInProcess process)
    {
        const string pods = "/api/v1/namespaces/demo/pods";
        await Stage.UntilAsync(
            () => Task.FromResult(stage.Host.Requests.All.Count(request => IsFromCli(request, pods)) >= 3),
            "connect has looked at the pod again"
        );
        await Signals.SendTerminateAsync(process.Id);
    }

    private static bool IsFromCli(RequestRecord request, string path) =>
        request.Path == path && request.UserAgent.StartsWith("vcluster/", StringComparison.Ordinal);
}
