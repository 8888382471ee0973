using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>What is asked of a cluster that is there, to its end.</summary>
public sealed class LifecycleTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task A_cluster_sleeps_wakes_is_upgraded_and_goes()
    {
        await host.Editor.CreateRunningAsync("life");

        var asleep = await host.Editor.PostAsync("/api/clusters/life/pause?wait=60");
        asleep.ShouldBe(200).Json.Text("status").ShouldBe("Sleeping");
        (asleep.Json.Number("generation"), asleep.Json.Number("observed_generation")).ShouldBe((2, 2));
        (await host.Editor.PostAsync("/api/clusters/life/pause")).ShouldBe(200, "it sleeps already");
        (await PatchAsync("life", """{"values":{"sync":{}}}""")).ShouldBeProblem(409).Detail.ShouldContain("resume");

        var awake = await host.Editor.PostAsync("/api/clusters/life/resume?wait=60");
        awake.ShouldBe(200).Json.Text("status").ShouldBe("Running");
        (await host.Editor.PostAsync("/api/clusters/life/resume")).ShouldBe(200, "it is awake already");
        (await host.Editor.PostAsync("/api/clusters/life/retry")).ShouldBeProblem(409);

        var upgraded = await PatchAsync(
            "life",
            """{"values":{"sync":{"toHost":{"ingresses":{"enabled":true}}}}}""",
            "?wait=60"
        );
        upgraded.ShouldBe(200).Json.Text("status").ShouldBe("Running");
        (upgraded.Json.Number("generation"), upgraded.Json.Number("observed_generation")).ShouldBe((4, 4));

        var gone = await host.Editor.DeleteAsync("/api/clusters/life?wait=60");
        gone.ShouldBe(200).Json.Text("state").ShouldBe("succeeded");
        gone.Json.Text("kind").ShouldBe("delete");
        gone.Header("Location").ShouldBe($"/api/operations/{gone.Json.Text("id")}");
        var missing = (await host.Viewer.GetAsync("/api/clusters/life")).ShouldBeProblem(404);
        missing.Detail.ShouldMatch(
            @"^Cluster vcluster-life/life was deleted at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ by editor: deleted by request\.$"
        );
        (await host.Editor.DeleteAsync("/api/clusters/life")).ShouldBeProblem(404).Detail.ShouldBe(missing.Detail);
        (await PatchAsync("life", "{}")).ShouldBeProblem(404).Detail.ShouldBe(missing.Detail);
    }

    [Fact]
    public async Task A_version_goes_up_one_minor_at_a_time_and_never_down()
    {
        await host.Editor.CreateAsync(new { name = "minor", k8s_version = "1.33" }, "?wait=60");

        (await PatchAsync("minor", """{"k8s_version":"1.35"}""")).ShouldBeInvalid("k8s_version");
        (await PatchAsync("minor", """{"k8s_version":"1.32"}""")).ShouldBeInvalid("k8s_version");
        (await PatchAsync("minor", """{"k8s_version":"1.33"}""")).ShouldBe(200, "it is the same");

        var upgraded = await PatchAsync("minor", """{"k8s_version":"1.34"}""", "?wait=60");
        upgraded.ShouldBe(200).Json.Text("k8s_version").ShouldBe("1.34");
    }

    [Fact]
    public async Task Deleting_during_create_cancels_the_create_and_twice_is_one_operation()
    {
        await host.BreakAsync("cli-hang", "before", "vcluster-hurry", "hurry");
        var create = (await host.Editor.CreateAsync(new { name = "hurry" }))["operation"].Text("id");
        await host.Editor.UntilAsync("hurry", "Provisioning");

        var first = (await host.Editor.DeleteAsync("/api/clusters/hurry")).ShouldBe(202).Json.Text("id");
        await host.MendAsync("cli-hang", "vcluster-hurry", "hurry");
        var again = await host.OtherEditor.DeleteAsync("/api/clusters/hurry?wait=60");

        again.ShouldBe(200).Json.Text("id").ShouldBe(first);
        var cancelled = (await host.Viewer.GetAsync($"/api/operations/{create}")).ShouldBe(200).Json;
        cancelled.Text("state").ShouldBe("cancelled");
        (await host.Viewer.GetAsync("/api/clusters/hurry")).ShouldBeProblem(404).Detail.ShouldContain("by editor:");
    }

    [Fact]
    public async Task While_it_is_being_deleted_it_can_be_read_and_not_changed()
    {
        await host.BreakAsync("cli-hang", "before", "vcluster-going", "going");
        await host.Editor.CreateAsync(new { name = "going" });
        await host.Editor.UntilAsync("going", "Provisioning");

        (await host.Editor.DeleteAsync("/api/clusters/going")).ShouldBe(202);

        (await host.Viewer.GetAsync("/api/clusters/going")).ShouldBe(200).Json.Text("status").ShouldBe("Deleting");
        foreach (var verb in new[] { "pause", "resume", "retry" })
        {
            (await host.Editor.PostAsync($"/api/clusters/going/{verb}")).ShouldBeProblem(409);
        }

        (await host.Editor.PostAsync("/api/clusters/going/extend", new { ttl_hours = 1 })).ShouldBeProblem(409);
        (await PatchAsync("going", """{"labels":{"a":"1"}}""")).ShouldBeProblem(409).Detail.ShouldContain("deleted");
        (await host.Editor.PostAsync("/api/clusters", new { name = "going" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("It is being deleted: try again when it is gone.");
    }

    [Fact]
    public async Task Volumes_that_are_kept_are_there_for_the_next_cluster_of_that_name()
    {
        await host.Editor.CreateRunningAsync("keeper");
        var gone = await host.Editor.DeleteAsync("/api/clusters/keeper?keep_volumes=true&wait=60");
        gone.ShouldBe(200).Json["steps"]!
            .AsArray()
            .Select(step => step.Text("message"))
            .ShouldContain(message => message.Contains("kept with the volumes"));

        (await host.OtherEditor.PostAsync("/api/clusters", new { name = "keeper" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("left of somebody else's cluster");
        var bound = new
        {
            name = "bound",
            role = "editor",
            own_clusters = true,
            namespaces = new[] { "vcluster-*" },
        };
        var key = (await host.Admin.PostAsync("/api/keys", bound)).ShouldBe(201).Json.Text("key");
        using Caller stranger = new(host.Address, key);
        (await stranger.PostAsync("/api/clusters", new { name = "keeper" }))
            .ShouldBeProblem(409)
            .Detail.ShouldBe("The namespace vcluster-keeper is not free: choose another one.");
        var again = await host.Editor.PostAsync("/api/clusters?wait=60", new { name = "keeper" });

        again.ShouldBe(201, "the namespace is one that the manager made itself");
        (await host.Editor.DeleteAsync("/api/clusters/keeper?wait=60")).ShouldBe(200);
        await host.MakeNamespaceAsync("vcluster-keeper");
    }

    [Fact]
    public async Task Only_admins_force_a_delete()
    {
        await host.Editor.CreateAsync(new { name = "forced" });

        (await host.Editor.DeleteAsync("/api/clusters/forced?force=true")).ShouldBeProblem(403);
        (await host.Admin.DeleteAsync("/api/clusters/forced?force=true&wait=60")).ShouldBe(200);
    }

    [Fact]
    public async Task What_has_failed_can_be_tried_again()
    {
        await host.BreakAsync("image-error", ns: "vcluster-again");
        var failed = await host.Editor.PostAsync("/api/clusters?wait=60", new { name = "again" });
        failed.ShouldBe(202).Json.Text("status").ShouldBe("Failed");
        await host.MendAsync("image-error", "vcluster-again");

        var running = await host.Editor.PostAsync("/api/clusters/again/retry?wait=60");

        running.ShouldBe(200).Json.Text("status").ShouldBe("Running");
        running.Json.Text("message").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operation_that_is_cancelled_leaves_a_cluster_that_can_be_tried_again()
    {
        await host.BreakAsync("cli-hang", "before", "vcluster-stopped", "stopped");
        var operation = (await host.Editor.CreateAsync(new { name = "stopped" }))["operation"].Text("id");
        await host.Editor.UntilAsync("stopped", "Provisioning");

        (await host.Viewer.PostAsync($"/api/operations/{operation}/cancel")).ShouldBeProblem(403);
        (await host.Editor.PostAsync($"/api/operations/{operation}/cancel")).ShouldBe(202);

        var failed = await host.Editor.UntilAsync("stopped", "Failed");
        failed.Text("message").ShouldStartWith("Cancelled.");
        (await host.Viewer.GetAsync($"/api/operations/{operation}")).Json.Text("state").ShouldBe("cancelled");
        (await host.Editor.PostAsync($"/api/operations/{operation}/cancel"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("cancelled");
        await host.MendAsync("cli-hang", "vcluster-stopped", "stopped");
        (await host.Editor.PostAsync("/api/clusters/stopped/retry?wait=60"))
            .ShouldBe(200)
            .Json.Text("status")
            .ShouldBe("Running");
    }

    [Fact]
    public async Task A_delete_cannot_be_cancelled()
    {
        await host.BreakAsync("stuck-finalizer", ns: "vcluster-bound");
        await host.Editor.CreateRunningAsync("bound");
        var operation = (await host.Editor.DeleteAsync("/api/clusters/bound")).ShouldBe(202).Json.Text("id");

        (await host.Editor.PostAsync($"/api/operations/{operation}/cancel"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("a delete cannot be cancelled");

        await host.MendAsync("stuck-finalizer", "vcluster-bound");
        (await host.Editor.DeleteAsync("/api/clusters/bound?wait=60")).ShouldBe(200);
    }

    private Task<Answer> PatchAsync(string name, string patch, string query = "") =>
        host.Editor.PatchAsync($"/api/clusters/{name}{query}", patch);
}
