using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>Asking for a cluster, from the request to the cluster that runs.</summary>
public sealed class CreateTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    private static readonly string[] Fields =
    [
        "id",
        "name",
        "namespace",
        "status",
        "message",
        "conditions",
        "created",
        "updated",
        "k8s_version",
        "labels",
        "managed",
        "protected",
        "created_by",
        "source",
        "ttl_hours",
        "expires_at",
        "sleep_after",
        "sleep_schedule",
        "generation",
        "observed_generation",
        "operation",
        "endpoint",
    ];

    [Fact]
    public async Task A_create_is_accepted_at_once_and_ends_in_a_cluster_that_runs()
    {
        var answer = await host.Editor.PostAsync(
            "/api/clusters",
            new
            {
                name = "first",
                labels = new { team = "a" },
                ttl_hours = 3,
                k8s_version = "v1.34",
            }
        );

        answer.ShouldBe(202).Header("Location").ShouldBe("/api/clusters/first?namespace=vcluster-first");
        answer.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        answer.Header("ETag")!.ShouldMatch("^\"[0-9a-f-]+\"$");
        var accepted = answer.Json;
        accepted.Select(member => member.Key).ShouldBe(Fields, ignoreOrder: true);
        accepted.Text("status").ShouldBeOneOf("Pending", "Provisioning");
        accepted["operation"].Text("kind").ShouldBe("create");
        accepted.Number("observed_generation").ShouldBe(0);

        var running = await host.Viewer.UntilAsync("first", "Running");
        Guid.Parse(running.Text("id")).ShouldBe(Guid.Parse(accepted.Text("id")));
        running.Text("namespace").ShouldBe("vcluster-first");
        running.Text("k8s_version").ShouldBe("1.34");
        running["labels"]!.ToJsonString().ShouldBe("""{"team":"a"}""");
        running["managed"]!.GetValue<bool>().ShouldBeTrue();
        running["protected"]!.GetValue<bool>().ShouldBeFalse();
        running.Text("created_by").ShouldBe("editor");
        running.Text("source").ShouldBe("api");
        running.Number("ttl_hours").ShouldBe(3);
        (running.Time("expires_at") - running.Time("created")).ShouldBe(TimeSpan.FromHours(3));
        running.Time("updated").ShouldBeGreaterThan(running.Time("created"));
        (running.Number("generation"), running.Number("observed_generation")).ShouldBe((1, 1));
        running["operation"].ShouldBeNull();
        running.Text("endpoint").ShouldStartWith("https://");
        Conditions(running).ShouldBe(["HostReachable True", "Installed True", "Ready True"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("?wait=60", "")]
    [InlineData("", "respond-async, wait=60")]
    public async Task Waiting_is_answered_201_once_it_runs(string query, string prefer)
    {
        var name = prefer.Length == 0 ? "waited" : "preferred";

        var answer = await host.Editor.PostAsync(
            "/api/clusters" + query,
            new { name },
            prefer.Length == 0 ? [] : [("Prefer", prefer)]
        );

        answer.ShouldBe(201).Json.Text("status").ShouldBe("Running");
        answer.Header("Location").ShouldBe($"/api/clusters/{name}?namespace=vcluster-{name}");
        var seen = await host.Viewer.GetAsync($"/api/clusters/{name}");
        seen.Header("ETag").ShouldBe(answer.Header("ETag"));
    }

    [Fact]
    public async Task Waiting_is_answered_202_as_soon_as_it_has_failed()
    {
        await host.BreakAsync("image-error", ns: "vcluster-no-image");

        var answer = await host.Editor.PostAsync("/api/clusters?wait=100", new { name = "no-image" });

        answer.ShouldBe(202).Json.Text("status").ShouldBe("Failed");
        answer.Json.Text("message").ShouldContain("cannot be pulled");
        answer.Json["operation"].ShouldBeNull();
    }

    [Fact]
    public async Task Waiting_is_answered_202_when_the_time_is_up()
    {
        await host.BreakAsync("cli-hang", ns: "vcluster-slow", name: "slow");

        var answer = await host.Editor.PostAsync("/api/clusters?wait=1", new { name = "slow" });

        answer.ShouldBe(202).Json.Text("status").ShouldBeOneOf("Pending", "Provisioning");
        (await host.Editor.DeleteAsync("/api/clusters/slow")).ShouldBe(202);
    }

    [Theory]
    [InlineData("?wait=-1", "wait")]
    [InlineData("?wait=301", "wait")]
    [InlineData("?wait=soon", "wait")]
    [InlineData("?wait=1&wait=2", "wait")]
    public async Task A_wait_out_of_bounds_is_refused_and_nothing_is_made(string query, string field)
    {
        (await host.Editor.PostAsync("/api/clusters" + query, new { name = "never" })).ShouldBeInvalid(field);
        (await host.Editor.GetAsync("/api/clusters/never")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Validate_says_what_create_would_do_and_does_nothing()
    {
        var before = await host.CountRowsAsync();

        var answer = await host.Editor.PostAsync(
            "/api/clusters:validate",
            new
            {
                name = "checked",
                values = new { sync = new { toHost = new { ingresses = new { enabled = true } } } },
            }
        );

        var json = answer.ShouldBe(200).Json;
        json.Select(member => member.Key)
            .ShouldBe(["valid", "name", "namespace", "k8s_version", "image_tag", "values"], ignoreOrder: true);
        json["valid"]!.GetValue<bool>().ShouldBeTrue();
        json.Text("namespace").ShouldBe("vcluster-checked");
        json.Text("k8s_version").ShouldBe("1.35");
        json.Text("image_tag").ShouldBe("v1.35.0");
        json.Text("values").ShouldContain("ingresses:");
        json.Text("values").ShouldContain("resourceQuota:");
        (await host.CountRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Another_cluster_of_the_same_name_or_in_the_same_namespace_is_a_conflict()
    {
        await host.Editor.CreateAsync(new { name = "taken" });

        (await host.Editor.PostAsync("/api/clusters", new { name = "taken" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("There is a cluster vcluster-taken/taken already");
        (await host.Editor.PostAsync("/api/clusters", new { name = "other", @namespace = "vcluster-taken" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("holds the cluster taken");
        (await host.Editor.PostAsync("/api/clusters:validate", new { name = "taken" })).ShouldBeProblem(409);
    }

    [Fact]
    public async Task Of_many_creates_of_one_name_at_the_same_time_one_wins()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => host.Editor.PostAsync("/api/clusters", new { name = "raced" }))
        );

        answers.Count(a => a.Status == 202).ShouldBe(1);
        answers.Count(a => a.Status == 409).ShouldBe(7);
    }

    private static IEnumerable<string> Conditions(JsonObject cluster) =>
        cluster["conditions"]!.AsArray().Select(c => $"{c.Text("type")} {c.Text("status")}");
}
