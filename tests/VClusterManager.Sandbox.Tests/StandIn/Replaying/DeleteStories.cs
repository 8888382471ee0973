using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Taking clusters away: with the namespace and without, with the volume and without, and when half is missing.</summary>
internal static class DeleteStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "A cluster and its namespace",
            new Do(stage => stage.CreateClusterAsync("demo", "demo")),
            new Replay("60-delete-missing"),
            new Replay("60-delete-missing-ignore"),
            new Replay("61-delete"),
            new Replay("61-delete-again")
        ),
        new(
            "A cluster in a namespace that was there",
            new Do(stage => stage.CreateNamespaceAsync("t-own")),
            new Replay("62-create-in-existing-ns"),
            new Do(stage => stage.UntilPodAsync("t-own", "own", "Running")),
            new Replay("62-delete-existing-ns"),
            new Do(async stage => (await stage.FindAsync(Kinds.Namespaces, "", "t-own")).ShouldNotBeNull()),
            new Replay("63-create-keep"),
            new Do(stage => stage.UntilPodAsync("t-own", "own", "Running")),
            new Replay("63-delete-keep-pvc"),
            new Do(async stage => (await stage.FindAsync(Kinds.Claims, "t-own", "data-own-0")).ShouldNotBeNull()),
            new Replay("64-create-delns"),
            new Replay("64-delete-delete-namespace")
        ),
        new(
            "A namespace that is going",
            new Replay("65-create"),
            new Do(stage => stage.UntilPodAsync("t-auto", "auto", "Running")),
            new Replay("65-delete-noautons"),
            new Replay("65-create2"),
            new Do(HoldNamespaceAsync),
            new Replay("65-delete-nowait"),
            new Replay("65-create-while-terminating") { Meanwhile = ReleaseNamespaceAsync },
            new Do(stage => stage.UntilPodAsync("t-auto", "auto", "Running")),
            new Replay("65-delete-paused-setup"),
            new Replay("65-delete-paused")
        ),
        new(
            "A release without a cluster, a cluster without a release, and several hands at once",
            new Replay("66-create"),
            new Do(stage => DeleteAsync(stage, Kinds.Secrets, "t-orph", "sh.helm.release.v1.orph.v1")),
            new Replay("66-delete-no-release"),
            new Replay("66-create-over-orphan"),
            new Replay("67-create"),
            new Do(stage => DeleteAsync(stage, Kinds.StatefulSets, "t-orp2", "orp2")),
            new Do(stage => UntilNoPodAsync(stage, "t-orp2")),
            new Replay("67-create-no-sts"),
            new Replay("67-list-no-sts"),
            new Replay("67-delete-no-sts"),
            new Replay("67-create-no-sts-upgrade"),
            new Race("70-concurrent-create-1", "70-concurrent-create-2") { AfterFirst = UntilNamespaceAsync },
            new Replay("71-concurrent-delete-2"),
            new Replay("72-create-then"),
            new Race("72-concurrent-upgrade-1", "72-concurrent-upgrade-2"),
            new Do(stage => stage.UntilPodAsync("t-conc", "conc", "Running")),
            new Do(stage => stage.UntilPodAsync("t-orp2", "orp2", "Running")),
            new Do(stage => stage.UntilPodAsync("t-orph", "orph", "Running")),
            new Do(stage => stage.Environment.Remove("HOME")),
            new Replay("80-nohome-list") { Words = _ => ["vcluster", "list", "--output", "json"] },
            new Do(stage => stage.ResetEnvironment()),
            new Replay("73-race-create"),
            new Replay("73-race-delete"),
            new Replay("73-race-after")
        ),
        new(
            "With helm 4, which makes no difference",
            new Replay("81-helm4-create"),
            new Replay("81-helm4-upgrade"),
            new Do(stage => stage.UntilPodAsync("t-h4", "h4", "Running")),
            new Replay("81-helm4-list"),
            new Replay("81-helm4-delete")
        ),
    ];

    private static async Task DeleteAsync(Stage stage, Resource resource, string @namespace, string name) =>
        await stage.Client.DeleteAsync(resource.Item(@namespace, name));

    private static Task UntilNoPodAsync(Stage stage, string @namespace) =>
        Stage.UntilAsync(
            async () => (await stage.Client.ListAsync(Kinds.Pods.Collection(@namespace))).Count == 0,
            $"there is no pod in {@namespace}"
        );

    private static Task UntilNamespaceAsync(Stage stage) =>
        Stage.UntilAsync(
            async () => await stage.FindAsync(Kinds.Namespaces, "", "t-conc") is not null,
            "the first has made the namespace"
        );

    /// <summary>Something in the namespace keeps it from going before anybody has seen it go.</summary>
    private static async Task HoldNamespaceAsync(Stage stage) =>
        await stage.Client.CreateAsync(
            Kinds.ConfigMaps.Collection("t-auto"),
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = "held", ["finalizers"] = new JsonArray("example.com/held") },
            }
        );

    private static async Task ReleaseNamespaceAsync(Stage stage, StandInProcess process)
    {
        await process.UntilSaidAsync("Waiting until namespace");
        await stage.Client.PatchAsync(
            Kinds.ConfigMaps.Item("t-auto", "held"),
            new() { ["metadata"] = new JsonObject { ["finalizers"] = null } }
        );
    }
}
