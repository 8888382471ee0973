using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Helm;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Yaml;
using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class CreatedObjectsTests
{
    private static readonly string[] Assigned =
    [
        "creationTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "uid",
    ];

    [Fact]
    public async Task Create_leaves_the_objects_that_the_real_one_leaves()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        foreach (
            var kind in (string[])
                ["namespace", "serviceaccount", "clusterrole", "role", "rolebinding", "service", "statefulset", "pvc"]
        )
        {
            foreach (var recorded in Recorded(kind))
            {
                await CompareAsync(stage, recorded);
            }
        }
    }

    [Fact]
    public async Task The_stored_configuration_is_the_one_of_the_real_chart_to_the_byte()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        var secret = await stage.FindAsync(Kinds.Secrets, "demo", "vc-config-demo");
        var stored = Encoding.UTF8.GetString(
            Convert.FromBase64String(secret!["data"]!["config.yaml"]!.GetValue<string>())
        );
        stored.ShouldBe((await File.ReadAllTextAsync(PathOf("vc-config.yaml"))).TrimEnd('\n'));
    }

    [Fact]
    public async Task The_release_is_kept_as_helm_keeps_it()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        var secret = await stage.FindAsync(Kinds.Secrets, "demo", "sh.helm.release.v1.demo.v1");
        secret!["type"]!.GetValue<string>().ShouldBe("helm.sh/release.v1");
        var labels = secret["metadata"]!["labels"]!.AsObject();
        labels
            .Select(label => label.Key)
            .ShouldBe(["modifiedAt", "name", "owner", "status", "version"], ignoreOrder: true);
        labels["status"]!.GetValue<string>().ShouldBe("deployed");
        var release = HelmRelease.FromSecret(secret)!;
        release.Payload["chart"]!["metadata"]!["version"]!.GetValue<string>().ShouldBe("0.34.7");
        release.Config.ToJsonString().ShouldBe("""{"telemetry":{"enabled":false}}""");
        Manifest
            .Read(release.Manifest, "demo")
            .Select(item => item.Kind)
            .ShouldBe([
                "ServiceAccount",
                "ServiceAccount",
                "Secret",
                "ClusterRole",
                "ClusterRoleBinding",
                "Role",
                "RoleBinding",
                "Service",
                "Service",
                "StatefulSet",
            ]);
    }

    [Fact]
    public async Task Helm_list_shows_it_as_the_real_helm_does()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        var listed = JsonNode.Parse((await stage.RunAsync("helm", "list", "-n", "demo", "-o", "json")).Stdout)![
            0
        ]!.AsObject();
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(PathOf("helm-list.json")))![0]!.AsObject();
        listed.Remove("updated", out var updated).ShouldBeTrue();
        recorded.Remove("updated");
        updated!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC$");
        Normalized(listed).ShouldBe(Normalized(recorded));
    }

    [Fact]
    public async Task What_the_manager_passes_in_its_values_arrives_on_the_host()
    {
        await using var stage = await Stage.SetAsync();
        await File.WriteAllTextAsync(
            Path.Combine(stage.Work, "values.yaml"),
            """
            controlPlane:
              advanced:
                globalMetadata:
                  annotations: {example.com/owner: team-a}
              distro: {k8s: {image: {tag: v1.34.2}}}
              proxy: {extraSANs: [demo.example.com]}
              statefulSet:
                labels: {example.com/instance: blue}
                annotations: {example.com/note: own}
                persistence: {volumeClaim: {size: 7Gi, retentionPolicy: Delete}}
                resources: {limits: {memory: 2Gi}}
            exportKubeConfig: {server: "https://demo.example.com"}
            policies:
              podSecurityStandard: baseline
              resourceQuota: {enabled: true, quota: {count/pods: 7}}
            """
        );
        var outcome = await stage.RunAsync(
            "vcluster",
            "create",
            "demo",
            "-n",
            "demo",
            "--connect=false",
            "--add=false",
            "-f",
            "values.yaml"
        );
        outcome.ExitCode.ShouldBe(0, outcome.Stderr);
        var workload = (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo"))!;
        workload["metadata"]!["labels"]!["example.com/instance"]!.GetValue<string>().ShouldBe("blue");
        workload["metadata"]!["annotations"]!["example.com/note"]!.GetValue<string>().ShouldBe("own");
        workload["metadata"]!["annotations"]!["example.com/owner"]!.GetValue<string>().ShouldBe("team-a");
        var spec = workload["spec"]!;
        spec["persistentVolumeClaimRetentionPolicy"]!["whenDeleted"]!.GetValue<string>().ShouldBe("Delete");
        spec["volumeClaimTemplates"]![0]!["spec"]!["resources"]!["requests"]!["storage"]!
            .GetValue<string>()
            .ShouldBe("7Gi");
        var pod = spec["template"]!["spec"]!;
        pod["initContainers"]![0]!["image"]!.GetValue<string>().ShouldBe("ghcr.io/loft-sh/kubernetes:v1.34.2");
        pod["containers"]![0]!["resources"]!["limits"]!["memory"]!.GetValue<string>().ShouldBe("2Gi");
        var quota = await stage.FindAsync(Kinds.Find("v1", "ResourceQuota")!, "demo", "vc-demo");
        quota!["spec"]!["hard"]!["count/pods"]!.GetValue<string>().ShouldBe("7");
        quota["metadata"]!["annotations"]!["example.com/owner"]!.GetValue<string>().ShouldBe("team-a");
        (await stage.FindAsync(Kinds.Find("v1", "LimitRange")!, "demo", "vc-demo")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Helm_puts_its_own_mark_over_one_in_the_values()
    {
        await using var stage = await Stage.SetAsync();
        var set = "controlPlane.statefulSet.labels.app\\.kubernetes\\.io/managed-by=vcluster-manager";
        await stage.RunAsync("vcluster", "create", "demo", "-n", "demo", "--connect=false", "--set", set);
        var workload = (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo"))!;
        workload["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!.GetValue<string>().ShouldBe("Helm");
    }

    private static async Task CompareAsync(Stage stage, JsonObject recorded)
    {
        var metadata = recorded["metadata"]!;
        var resource = Kinds.Find(recorded["apiVersion"]!.GetValue<string>(), recorded["kind"]!.GetValue<string>())!;
        var (name, @namespace) = (
            metadata["name"]!.GetValue<string>(),
            metadata["namespace"]?.GetValue<string>() ?? ""
        );
        var live = await stage.FindAsync(resource, @namespace, name);
        live.ShouldNotBeNull($"{recorded["kind"]} {name}");
        Normalized(live).ShouldBe(Normalized(recorded));
    }

    /// <summary>Without what the host assigns or observes: that is not for the CLI to say.</summary>
    private static string Normalized(JsonObject item)
    {
        var copy = item.DeepClone().AsObject();
        copy.Remove("status");
        if (copy["metadata"] is JsonObject metadata)
        {
            Remove(metadata, Assigned);
            RemoveStorage(metadata["annotations"] as JsonObject ?? []);
        }

        if (copy["spec"] is JsonObject spec)
        {
            if (spec["clusterIP"]?.ToString() != "None")
            {
                Remove(spec, ["clusterIP", "clusterIPs"]);
            }

            Remove(spec, ["volumeName", "storageClassName"]);
            (spec["volumeClaimTemplates"]?[0] as JsonObject)?.Remove("status");
        }

        return YamlWriter.Write(copy);
    }

    private static void RemoveStorage(JsonObject annotations) =>
        Remove(
            annotations,
            [
                .. annotations
                    .Select(pair => pair.Key)
                    .Where(key => key.EndsWith("storage-provisioner", StringComparison.Ordinal)),
            ]
        );

    private static void Remove(JsonObject item, string[] keys)
    {
        foreach (var key in keys)
        {
            item.Remove(key);
        }
    }

    private static IEnumerable<JsonObject> Recorded(string kind)
    {
        var root = YamlReader.Read(File.ReadAllText(PathOf(kind + ".yaml")))!.AsObject();
        var items = root["items"] is JsonArray list ? list.OfType<JsonObject>() : [root];
        return items.Where(item => item["metadata"]!["name"]!.GetValue<string>() != "default");
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "StandIn", "Objects", file);
}
