using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class HelmTests
{
    private static readonly string[] Create = ["vcluster", "create", "demo", "-n", "demo", "--connect=false"];

    [Theory]
    [InlineData("v3.17.3", "version", "--client", "--template", "{{.Version}}")]
    [InlineData("v3.17.3", "version", "--template", "{{ .Version }}")]
    [InlineData("v3.17.3+ge4da497\n", "version", "--short")]
    public async Task Its_version_is_told_in_the_form_that_is_asked_for(string expected, params string[] words)
    {
        await using var stage = await Stage.SetAsync();
        (await stage.RunAsync(["helm", .. words])).ShouldBe(new Outcome(0, expected, ""));
    }

    [Fact]
    public async Task Uninstalling_what_is_not_there_fails_unless_that_is_fine()
    {
        await using var stage = await Stage.SetAsync();
        (await stage.RunAsync("helm", "uninstall", "nosuch", "-n", "demo")).ShouldBe(
            new Outcome(1, "", "Error: uninstall: Release not loaded: nosuch: release: not found\n")
        );
        (await stage.RunAsync("helm", "uninstall", "nosuch", "-n", "demo", "--ignore-not-found")).ShouldBe(
            new Outcome(0, "release \"nosuch\" uninstalled\n", "")
        );
        (await stage.RunAsync("helm", "status", "nosuch", "-n", "demo")).Stderr.ShouldBe("Error: release: not found\n");
    }

    [Fact]
    public async Task Uninstalling_takes_the_objects_and_every_revision_and_leaves_the_volume()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        await stage.RunAsync([.. Create, "--upgrade"]);
        (await stage.RunAsync("helm", "uninstall", "demo", "-n", "demo", "--wait")).ExitCode.ShouldBe(0);
        (await stage.Client.ListAsync(Kinds.Secrets.Collection("demo"), "owner=helm")).ShouldBeEmpty();
        (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo")).ShouldBeNull();
        (
            await stage.FindAsync(Kinds.Find("rbac.authorization.k8s.io/v1", "ClusterRole")!, "", "vc-demo-v-demo")
        ).ShouldBeNull();
        (await stage.FindAsync(Kinds.Claims, "demo", "data-demo-0")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_rollback_is_a_new_revision_with_the_old_objects()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        await stage.RunAsync([.. Create, "--upgrade", "--set", "controlPlane.distro.k8s.image.tag=v1.34.2"]);
        (await ImageAsync(stage)).ShouldEndWith("v1.34.2");
        (await stage.RunAsync("helm", "rollback", "demo", "1", "-n", "demo")).Stdout.ShouldBe(
            "Rollback was a success! Happy Helming!\n"
        );
        (await ImageAsync(stage)).ShouldEndWith("v1.35.0");
        (await RevisionsAsync(stage)).ShouldBe(["1 superseded", "2 superseded", "3 deployed"]);
        (await stage.RunAsync("helm", "status", "demo", "-n", "demo")).Stdout.ShouldContain(
            "STATUS: deployed\nREVISION: 3\n"
        );
    }

    [Fact]
    public async Task A_rollback_out_of_a_broken_upgrade_leaves_one_deployed_revision_and_the_broken_one_as_history()
    {
        await using var stage = await Stage.SetInSandboxAsync();
        await stage.CreateClusterAsync("demo", "demo");
        stage.Break("helm-lock", "");
        (await stage.RunAsync([.. Create, "--upgrade"])).ExitCode.ShouldBe(1);
        stage.Host.Faults.Clear();

        (await stage.RunAsync("helm", "rollback", "demo", "1", "-n", "demo")).ExitCode.ShouldBe(0);

        var history = JsonNode.Parse(
            (await stage.RunAsync("helm", "history", "demo", "-n", "demo", "--output", "json")).Stdout
        )!;
        history
            .AsArray()
            .Select(revision => $"{revision!["revision"]} {revision["status"]} {revision["description"]}")
            .ShouldBe([
                "1 superseded Install complete",
                "2 pending-upgrade Preparing upgrade",
                "3 deployed Rollback to 1",
            ]);
        (await stage.RunAsync("helm", "history", "demo", "-n", "demo")).Stdout.ShouldStartWith(
            "REVISION\tUPDATED                 \tSTATUS         \tCHART          \tAPP VERSION\tDESCRIPTION      \n1       \t"
        );
        (await stage.RunAsync("helm", "history", "nosuch", "-n", "demo")).ShouldBe(
            new Outcome(1, "", "Error: release: not found\n")
        );
    }

    [Fact]
    public async Task An_upgrade_supersedes_and_forgets_what_is_too_old()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        for (var i = 0; i < 10; i++)
        {
            (await stage.RunAsync([.. Create, "--upgrade"])).ExitCode.ShouldBe(0);
        }

        var revisions = await RevisionsAsync(stage);
        revisions.Count.ShouldBe(10);
        revisions[^1].ShouldBe("11 deployed");
        revisions.SkipLast(1).ShouldAllBe(revision => revision.EndsWith("superseded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upgrade_that_changes_nothing_leaves_every_object_as_it_is()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateClusterAsync("demo", "demo");
        await Stage.UntilAsync(async () => await IsSettledAsync(stage), "the host has settled");
        var before = (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo"))!["metadata"]![
            "resourceVersion"
        ]!.ToString();
        (await stage.RunAsync([.. Create, "--upgrade"])).ExitCode.ShouldBe(0);
        var after = (await stage.FindAsync(Kinds.StatefulSets, "demo", "demo"))!["metadata"]![
            "resourceVersion"
        ]!.ToString();
        after.ShouldBe(before);
    }

    [Fact]
    public async Task What_others_own_is_not_taken_over()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CreateNamespaceAsync("demo");
        await stage.Client.CreateAsync(
            Kinds.Services.Collection("demo"),
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Service",
                ["metadata"] = new JsonObject { ["name"] = "demo" },
                ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = 443 }) },
            }
        );
        var outcome = await stage.RunAsync(Create);
        outcome.ExitCode.ShouldBe(1);
        outcome.Stderr.ShouldContain(
            "Error: Unable to continue with install: Service \"demo\" in namespace \"demo\" exists and cannot be imported into the "
                + "current release: invalid ownership metadata; label validation error: missing key \"app.kubernetes.io/managed-by\""
        );
    }

    [Fact]
    public async Task What_it_cannot_do_it_says()
    {
        await using var stage = await Stage.SetAsync();
        (await stage.RunAsync("helm", "template", "x")).ShouldBe(
            new Outcome(1, "", "Error: unknown command \"template\" for \"helm\"\nRun 'helm --help' for usage.\n")
        );
    }

    private static async Task<bool> IsSettledAsync(Stage stage)
    {
        var workload = await stage.FindAsync(Kinds.StatefulSets, "demo", "demo");
        return workload!["status"]?["readyReplicas"]?.GetValue<int>() == 1;
    }

    private static async Task<string> ImageAsync(Stage stage)
    {
        var workload = await stage.FindAsync(Kinds.StatefulSets, "demo", "demo");
        return workload!["spec"]!["template"]!["spec"]!["initContainers"]![0]!["image"]!.GetValue<string>();
    }

    private static async Task<List<string>> RevisionsAsync(Stage stage)
    {
        var secrets = await stage.Client.ListAsync(Kinds.Secrets.Collection("demo"), "owner=helm");
        return
        [
            .. secrets
                .Select(secret => secret["metadata"]!["labels"]!)
                .OrderBy(labels => int.Parse(labels["version"]!.GetValue<string>()))
                .Select(labels => $"{labels["version"]} {labels["status"]}"),
        ];
    }
}
