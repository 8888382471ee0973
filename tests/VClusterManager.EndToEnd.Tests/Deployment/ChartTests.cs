using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The Helm chart, with the real helm.</summary>
public sealed class ChartTests(HostFixture fixture) : DeploymentTest(fixture), IClassFixture<HostFixture>
{
    private const string Namespace = "vcluster-manager";

    private static readonly string[] Image = ["--set", "image.repository=registry.example.com/vcluster-manager"];

    [Fact]
    public async Task It_is_clean()
    {
        (await HelmAsync("lint", "--strict", Repository.Chart, "--values", Repository.ManifestValues)).ShouldContain(
            "0 chart(s) failed"
        );
    }

    [Fact]
    public async Task It_renders_the_manifests()
    {
        var rendered = Comparable(await RenderAsync("--values", Repository.ManifestValues));
        var written = Directory
            .EnumerateFiles(Repository.Manifests, "*.yaml", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal))
            .Where(file => !file.EndsWith(".example.yaml", StringComparison.Ordinal))
            .SelectMany(file => YamlObjects.Read(File.ReadAllText(file)))
            // Helm makes the namespace by itself (--create-namespace).
            .Where(item => (string?)item["kind"] != "Namespace")
            .ToList();

        var manifests = Comparable(written);
        rendered.Keys.Order().ShouldBe(manifests.Keys.Order());
        foreach (var (id, manifest) in manifests)
        {
            rendered[id].ShouldBe(manifest, id);
        }
    }

    [Fact]
    public async Task It_is_installed_upgraded_and_uninstalled()
    {
        string[] values = [.. Image, "--set", "postgres.enabled=true"];
        await HelmAsync(["install", "vcm", Repository.Chart, "-n", Namespace, "--create-namespace", .. values]);
        var password = await PasswordAsync();
        (await Host.ListAsync("deployments,services,ingresses,networkpolicies,poddisruptionbudgets", Namespace))
            .Select(item => (string)item["metadata"]!["name"]!)
            .ShouldBe(
                [
                    "vcm-vcluster-manager",
                    "vcm-vcluster-manager",
                    "vcm-vcluster-manager-postgres",
                    "vcm-vcluster-manager",
                    "vcm-vcluster-manager",
                    "vcm-vcluster-manager",
                ],
                ignoreOrder: true
            );

        await HelmAsync(["upgrade", "vcm", Repository.Chart, "-n", Namespace, .. values, "--set", "replicas=3"]);
        (
            (int)
                (await Host.JsonAsync("get", "deployment", "vcm-vcluster-manager", "-n", Namespace))["spec"]![
                    "replicas"
                ]!
        ).ShouldBe(3);
        // Another one would lock the server out of its volume.
        (await PasswordAsync()).ShouldBe(password);

        await HelmAsync("uninstall", "vcm", "-n", Namespace, "--wait");
        (
            await Host.ListAsync("deployments,services,configmaps,roles", Namespace, "app.kubernetes.io/instance=vcm")
        ).ShouldBeEmpty();
        (
            await Host.RunAsync("get", "clusterroles,clusterrolebindings,validatingadmissionpolicies", "-o", "name")
        ).ShouldNotContain("vcm-vcluster-manager");
    }

    [Theory]
    [InlineData("image.repository is empty", "--set", "replicas=1")]
    [InlineData("there is no PostgreSQL", "--set", "image.repository=example.com/vcm")]
    [InlineData("additional properties 'replica' not allowed", "--set", "replica=3")]
    [InlineData("config.server.port", "--set", "image.repository=example.com/vcm,replicas=1,config.server.port=9000")]
    [InlineData("ingress/alb/scheme", "--set", "ingress.alb.scheme=public")]
    public async Task What_could_not_work_is_refused_in_words(string words, params string[] values)
    {
        var (code, run) = await TryAsync(BuildPaths.Helm, ["template", "vcm", Repository.Chart, .. values]);

        code.ShouldNotBe(0);
        run.Output.ShouldContain(words);
    }

    [Fact]
    public async Task Another_configuration_rolls_the_pods_and_other_endpoints_do_not()
    {
        string[] values = [.. Image, "--set", "replicas=1,endpoints.shipped=false"];

        var before = await PodAsync(values);

        (await PodAsync([.. values, "--set", "config.server.debug=true"])).ShouldNotBe(before);
        (await PodAsync([.. values, "--set-json", """endpoints.own=[{"name":"x"}]"""])).ShouldBe(before);

        async Task<string> PodAsync(string[] with) =>
            (await RenderAsync(with)).Single(item => (string?)item["kind"] == "Deployment")["spec"]![
                "template"
            ]!.ToJsonString();
    }

    [Fact]
    public async Task The_address_of_the_database_may_come_from_a_secret_of_somebody_else()
    {
        var rendered = await RenderAsync([
            .. Image,
            "--set-json",
            """env=[{"name":"DATABASE_URL","valueFrom":{"secretKeyRef":{"name":"cnpg-app","key":"uri"}}}]""",
        ]);

        rendered.ShouldContain(item => (string?)item["kind"] == "Deployment");
    }

    [Fact]
    public async Task Prometheus_finds_it_by_the_labels_that_it_is_given()
    {
        var rendered = await RenderAsync([
            .. Image,
            "--set",
            "replicas=1,monitoring.serviceMonitor=true,monitoring.labels.release=prometheus",
        ]);

        var monitor = rendered.Single(item => (string?)item["kind"] == "ServiceMonitor");
        ((string?)monitor["metadata"]!["labels"]!["release"]).ShouldBe("prometheus");
    }

    [Fact]
    public async Task Its_options_leave_out_what_they_say()
    {
        var rendered = await RenderAsync([
            .. Image,
            "--set",
            "replicas=1,rbac.create=false,admissionPolicy.enabled=false,ingress.enabled=false,"
                + "networkPolicy.enabled=false,podDisruptionBudget.enabled=false",
        ]);

        rendered
            .Select(item => (string)item["kind"]!)
            .ShouldBe(["ServiceAccount", "ConfigMap", "Service", "Deployment"], ignoreOrder: true);
    }

    [Fact]
    public async Task Endpoints_of_ones_own_replace_those_of_the_image_and_their_rights()
    {
        string[] names = ["--set", "replicas=1", .. Image];
        var with = await RenderAsync(names);
        var without = await RenderAsync([.. names, "--set", "endpoints.shipped=false"]);

        with.Select(YamlObjects.IdOf)
            .Except(without.Select(YamlObjects.IdOf))
            .ShouldBe(["ClusterRole /vcluster-manager-endpoints", "ClusterRoleBinding /vcluster-manager-endpoints"]);
        without.Single(item => (string?)item["kind"] == "ConfigMap")["data"]!["endpoints.yaml"].ShouldNotBeNull();
    }

    private async Task<IReadOnlyList<JsonObject>> RenderAsync(params string[] values) =>
        YamlObjects.Read(
            await HelmAsync(["template", "vcluster-manager", Repository.Chart, "-n", Namespace, .. values])
        );

    private async Task<string> PasswordAsync() =>
        (string)
            (await Host.JsonAsync("get", "secret", "vcm-vcluster-manager-postgres", "-n", Namespace))["data"]![
                "password"
            ]!;

    /// <summary>By what they are, without the marks that only Helm puts on them.</summary>
    private static Dictionary<string, string> Comparable(IEnumerable<JsonObject> items) =>
        items.ToDictionary(
            YamlObjects.IdOf,
            item =>
            {
                var labels = item["metadata"]!["labels"]?.AsObject();
                labels?.Remove("helm.sh/chart");
                labels?.Remove("app.kubernetes.io/version");
                labels?.Remove("app.kubernetes.io/managed-by");
                // The chart's own: whoever applies manifests restarts the pods by hand.
                if (item["spec"]?["template"]?["metadata"] is JsonObject pod)
                {
                    pod.Remove("annotations");
                }
                if (item["data"] is JsonObject files)
                {
                    // Of files, what they say counts.
                    foreach (var (name, text) in files.ToList())
                    {
                        files[name] = YamlObjects.Read((string)text!).Single().DeepClone();
                    }
                }

                return Sorted(item)!.ToJsonString();
            }
        );

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(
                map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
