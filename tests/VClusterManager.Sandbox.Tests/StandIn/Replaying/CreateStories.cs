using VCluster.StandIn.Kubernetes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Making clusters: names, versions, values, flags.</summary>
internal static class CreateStories
{
    private static readonly (string Namespace, string Name)[] Running =
    [
        ("demo", "demo"),
        ("t-bad1", "1abc"),
        ("t-cn", "cn"),
        ("t-kv", "kv"),
        ("t-kv2", "kv2"),
        ("t-kv3", "kv3"),
        ("t-kv4", "kv4"),
        ("t-vals", "vals"),
        ("t-vals6", "vals6"),
        ("vcluster-nonsflag", "nonsflag"),
        ("t-vals8", "vals8"),
    ];

    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "Every way to create",
            new Replay("20-create-new"),
            new Replay("21-create-again"),
            new Replay("22-create-again-upgrade"),
            new Replay("22-create-upgrade-changed"),
            new Replay("22-create-upgrade-changed-back"),
            new Replay("23-create-second-in-namespace"),
            new Replay("24-create-badname-upper"),
            new Replay("24-create-badname-underscore"),
            new Replay("24-create-badname-dot"),
            new Replay("24-create-badname-slash"),
            new Replay("24-create-badname-space"),
            new Replay("24-create-badname-dash"),
            new Replay("24-create-badname-empty"),
            new Replay("24-create-badname-digit"),
            new Replay("24-create-name-53"),
            new Replay("24-create-name-54"),
            new Replay("24-create-badnamespace"),
            new Replay("25-create-set-version-supported"),
            new Replay("25-create-set-version-minor-only"),
            new Replay("25-create-set-version-old"),
            new Replay("25-create-set-version-nonsense"),
            new Do(CheckImagesAsync),
            new Replay("26-values-good"),
            new Replay("26-values-base64"),
            new Replay("26-values-deployed-etcd"),
            new Replay("28-create-no-create-namespace"),
            new Replay("28-create-no-namespace-flag"),
            new Do(MakePullableAsync),
            new Do(UntilAllRunAsync),
            new Replay("29-list-after-creates-json"),
            new Replay("29-list-after-creates-table")
        ),
        new(
            "Values that are refused",
            new Replay("26-values-unknown-key"),
            new Replay("26-values-wrong-type"),
            new Replay("26-values-invalid-yaml"),
            new Replay("26-values-missing-file"),
            new Replay("26-values-stdin"),
            new Replay("26-values-ha-sqlite"),
            new Replay("26-values-embedded-etcd"),
            new Replay("26-values-sleepmode"),
            new Replay("26-values-k3s"),
            new Replay("27-create-chart-version-other")
        ),
        new(
            "How much is said",
            new Replay("83-create-silent"),
            new Replay("83-create-again-silent"),
            new Replay("83-delete-debug"),
            new Replay("83-create-logjson"),
            new Replay("83-create-again-logjson"),
            new Replay("83-create-lograw"),
            new Replay("83-create-debug")
        ),
        new(
            "Without the choice against calls home",
            new Do(stage => File.Delete(Path.Combine(stage.Home, ".vcluster", "config.json"))),
            new Replay("11-phonehome-default-create"),
            new Do(stage => stage.UntilPodAsync("t-phone", "phone", "Running")),
            new Replay("11-phonehome-default-list"),
            new Replay("11-phonehome-skipcheck-create"),
            new Replay("11-phonehome-default-delete")
        ),
        new(
            "Where there are many already",
            new Replay("95-perf-create-at-50"),
            new Replay("95-perf-create-nons-at-50"),
            new Replay("95-perf-create-at-200")
        ),
    ];

    /// <summary>The node of the recordings pulled whatever it was told to, this one only what there is.</summary>
    private static async Task MakePullableAsync(Stage stage)
    {
        foreach (var name in (string[])["kv2", "kv3", "kv4"])
        {
            var path = Kinds.StatefulSets.Item("t-" + name, name);
            var workload = await stage.Client.GetAsync(path);
            workload["spec"]!["template"]!["spec"]!["initContainers"]![0]!["image"] =
                "ghcr.io/loft-sh/kubernetes:v1.34.0";
            await stage.Client.ReplaceAsync(path, workload);
            await EndPodAsync(stage, "t-" + name, name + "-0");
        }
    }

    private static async Task EndPodAsync(Stage stage, string @namespace, string name)
    {
        try
        {
            await stage.Client.DeleteAsync(Kinds.Pods.Item(@namespace, name));
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // The controller was faster: it is made anew from the new template already.
        }
    }

    private static async Task UntilAllRunAsync(Stage stage)
    {
        foreach (var (@namespace, name) in Running)
        {
            await stage.UntilPodAsync(@namespace, name, "Running");
        }
    }

    /// <summary>What the version in the values made of the images, as it was seen on the host.</summary>
    private static async Task CheckImagesAsync(Stage stage)
    {
        foreach (
            var line in await File.ReadAllLinesAsync(
                Path.Combine(Transcript.Folder, "25-create-set-version-images.txt")
            )
        )
        {
            var name = line.Split(' ')[0];
            var workload = await stage.FindAsync(Kinds.StatefulSets, "t-" + name, name);
            var spec = workload!["spec"]!["template"]!["spec"]!;
            var seen =
                $"{name} init image: {spec["initContainers"]![0]!["image"]} pod image: {spec["containers"]![0]!["image"]}";
            seen.ShouldBe(line);
        }
    }
}
