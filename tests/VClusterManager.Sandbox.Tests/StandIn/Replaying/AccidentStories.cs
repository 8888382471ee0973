using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>What is found after the CLI and its helm were ended in the middle of their work.</summary>
internal static class AccidentStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "Told to end while helm had done nothing yet",
            new Do(stage => EndInTheMiddleAsync(stage, "kill", "t-kill")),
            new Replay("74-after-kill-0.3-create"),
            new Replay("74-after-kill-0.3-upgrade"),
            new Replay("74-after-kill-0.3-delete")
        ),
        new(
            "Told to end when all was done",
            new Do(stage => stage.CreateClusterAsync("kill", "t-kill")),
            new Replay("74-after-kill-1.0-create"),
            new Replay("74-after-kill-1.0-upgrade"),
            new Replay("74-after-kill-1.0-delete")
        ),
        new(
            "Killed before helm wrote anything",
            new Do(stage => KillAtGateAsync(stage, "sk", "t-sk")),
            new Replay("75-after-sigkill-0.35-list"),
            new Replay("75-after-sigkill-0.35-create"),
            new Replay("75-after-sigkill-0.35-upgrade"),
            new Replay("75-after-sigkill-0.35-delete")
        ),
        new(
            "Killed when all was done",
            new Do(stage => stage.CreateClusterAsync("sk", "t-sk")),
            new Replay("75-after-sigkill-0.7-list"),
            new Replay("75-after-sigkill-0.7-create"),
            new Replay("75-after-sigkill-0.7-upgrade"),
            new Replay("75-after-sigkill-0.7-delete")
        ),
        new(
            "Killed with the release half made",
            new Do(stage => KillPendingAsync(stage, "sk", "t-pi6")),
            new Replay("76-pending-create"),
            new Replay("76-pending-upgrade"),
            new Replay("76-pending-delete"),
            new Replay("76-pending-describe"),
            new Replay("76-pending-list"),
            new Replay("76-pending-helm-uninstall"),
            new Replay("76-pending-create-after")
        ),
    ];

    /// <summary>SIGTERM to the CLI and to helm, which has just taken its lock: it ends in order and leaves the release as failed.</summary>
    private static async Task EndInTheMiddleAsync(Stage stage, string name, string @namespace)
    {
        stage.Environment[HelmFault.Variable] = "hang";
        await using var process = stage.Start(["vcluster", "create", name, "-n", @namespace, "--connect=false"]);
        stage.ResetEnvironment();
        await UntilReleaseAsync(stage, name, @namespace, "pending-install");
        foreach (var child in ChildrenOf(process.Id))
        {
            await Signals.SendTerminateAsync(child);
        }

        await UntilReleaseAsync(stage, name, @namespace, "failed");
        await process.EndAsync();
    }

    /// <summary>SIGKILL to both before helm has written anything: only the namespace is there.</summary>
    private static async Task KillAtGateAsync(Stage stage, string name, string @namespace)
    {
        using var gate = new Gate(stage, name);
        stage.Environment[HelmFault.Variable] = gate.Fault;
        await using var process = stage.Start(["vcluster", "create", name, "-n", @namespace, "--connect=false"]);
        stage.ResetEnvironment();
        await gate.UntilReachedAsync();
        process.Kill(tree: true);
        await process.EndAsync();
    }

    /// <summary>SIGKILL to both in the narrow window after helm has taken its lock.</summary>
    private static async Task KillPendingAsync(Stage stage, string name, string @namespace)
    {
        stage.Environment[HelmFault.Variable] = "crash:half";
        await using var process = stage.Start(["vcluster", "create", name, "-n", @namespace, "--connect=false"]);
        stage.ResetEnvironment();
        await process.EndAsync();
        await UntilReleaseAsync(stage, name, @namespace, "pending-install");
        (await stage.FindAsync(Kinds.StatefulSets, @namespace, name)).ShouldBeNull();
    }

    private static Task UntilReleaseAsync(Stage stage, string name, string @namespace, string status) =>
        Stage.UntilAsync(
            async () =>
            {
                var secret = await stage.FindAsync(Kinds.Secrets, @namespace, $"sh.helm.release.v1.{name}.v1");
                return secret?["metadata"]?["labels"]?["status"]?.GetValue<string>() == status;
            },
            $"the release is {status}"
        );

    private static List<int> ChildrenOf(int processId) =>
        [
            .. Directory
                .EnumerateDirectories($"/proc/{processId}/task")
                .SelectMany(task =>
                    File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                .Select(int.Parse),
        ];
}
