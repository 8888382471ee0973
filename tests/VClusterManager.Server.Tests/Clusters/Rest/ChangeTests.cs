using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>Changing what is kept of a cluster, which never waits for the host. The clusters here stay queued.</summary>
public sealed class ChangeTests(QuietHost host) : IClassFixture<QuietHost>
{
    [Fact]
    public async Task Labels_are_merged_and_null_takes_one_away()
    {
        await host.Editor.CreateAsync(new { name = "labels", labels = new { a = "1", b = "2" } });

        var answer = await PatchAsync("labels", """{"labels":{"b":null,"c":"3"}}""");

        answer.ShouldBe(200).Json["labels"]!.ToJsonString().ShouldBe("""{"a":"1","c":"3"}""");
        (await PatchAsync("labels", """{"labels":null}""")).ShouldBe(200).Json["labels"]!.AsObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_needs_no_work_is_answered_200_while_other_work_goes_on()
    {
        // The very first cluster here is being made, the others are queued; both have an operation.
        await host.Editor.CreateAsync(new { name = "busy" });

        var answer = await host.Editor.PatchAsync("/api/clusters/busy?wait=60", """{"labels":{"a":"1"}}""");

        answer.ShouldBe(200).Json["operation"].ShouldNotBeNull();
        (await PatchAsync("busy", """{"ttl_hours":5}""")).ShouldBe(200);
        (await PatchAsync("busy", "{}")).ShouldBe(200);
        (await host.Editor.PostAsync("/api/clusters/busy/extend", new { ttl_hours = 50 })).ShouldBe(200);
    }

    [Fact]
    public async Task The_tag_covers_what_callers_can_change_and_guards_it()
    {
        await host.Editor.CreateAsync(new { name = "guarded" });
        var before = (await host.Editor.GetAsync("/api/clusters/guarded")).Header("ETag")!;

        var changed = await PatchAsync("guarded", """{"labels":{"a":"1"}}""", ("If-Match", before));
        var after = changed.ShouldBe(200).Header("ETag")!;
        after.ShouldNotBe(before);
        (await host.Editor.GetAsync("/api/clusters/guarded")).Header("ETag").ShouldBe(after);

        var stale = await PatchAsync("guarded", """{"labels":{"a":"2"}}""", ("If-Match", before));
        stale.ShouldBeProblem(412).Detail.ShouldContain(after);
        (await PatchAsync("guarded", """{"labels":{"a":"3"}}""", ("If-Match", "W/" + after))).ShouldBeProblem(412);
        (await PatchAsync("guarded", """{"labels":{"a":"4"}}""", ("If-Match", "nonsense"))).ShouldBeProblem(400);
        (await PatchAsync("guarded", """{"labels":{"a":"5"}}""", ("If-Match", $"\"x\", {after}"))).ShouldBe(200);
        (await PatchAsync("guarded", """{"labels":{"a":"6"}}""", ("If-Match", "*"))).ShouldBe(200);
    }

    [Fact]
    public async Task Of_two_changes_under_one_tag_one_wins()
    {
        await host.Editor.CreateAsync(new { name = "contested" });
        var tag = (await host.Editor.GetAsync("/api/clusters/contested")).Header("ETag")!;

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(i => PatchAsync("contested", $$$"""{"labels":{"by":"{{{i}}}"}}""", ("If-Match", tag)))
        );

        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 412).ShouldBe(5);
    }

    [Fact]
    public async Task Values_of_a_queued_cluster_are_taken_along_and_change_its_tag()
    {
        await host.Editor.CreateAsync(new { name = "queue-holder" });
        await host.Editor.CreateAsync(new { name = "queued" });
        var before = await host.Editor.GetAsync("/api/clusters/queued");
        before.Json.Text("status").ShouldBe("Pending");

        var answer = await PatchAsync("queued", """{"values":{"sync":{"toHost":{"pods":{"enabled":true}}}}}""");

        answer.ShouldBe(202).Json.Number("generation").ShouldBe(1, "its create has not begun, and takes them along");
        answer.Header("ETag").ShouldNotBe(before.Header("ETag"));
        (await PatchAsync("queued", """{"values":null}""", ("If-Match", before.Header("ETag")!))).ShouldBeProblem(412);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", 422, "name")]
    [InlineData("""{"namespace":"x"}""", 422, "namespace")]
    [InlineData("""{"status":"Running"}""", 422, "status")]
    [InlineData("""{"ttl_hours":0}""", 422, "ttl_hours")]
    [InlineData("""{"ttl_hours":721}""", 422, "ttl_hours")]
    [InlineData("""{"labels":{"-bad":"1"}}""", 422, "labels")]
    [InlineData("""{"k8s_version":"1.33"}""", 422, "k8s_version")]
    [InlineData("""{"k8s_version":"9.9"}""", 422, "k8s_version")]
    [InlineData("""{"ttl_hours":"1"}""", 400, null)]
    [InlineData("""{"ttl_hours":1.5}""", 400, null)]
    [InlineData("""{"ttl_hours":99999999999}""", 400, null)]
    [InlineData("""{"labels":[]}""", 400, null)]
    [InlineData("""{"labels":{"a":1}}""", 400, null)]
    [InlineData("""{"values":[]}""", 400, null)]
    [InlineData("""{"values":"x"}""", 400, null)]
    [InlineData("""{"protected":null}""", 400, null)]
    [InlineData("""{"protected":"yes"}""", 400, null)]
    [InlineData("""{"k8s_version":1.34}""", 400, null)]
    [InlineData("""{"k8s_version":null}""", 400, null)]
    [InlineData("""{"protected":true}""", 403, null)]
    [InlineData("""{"values":{"experimental":{}}}""", 403, null)]
    [InlineData("[]", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("\"x\"", 400, null)]
    [InlineData("""{"labels":{"a":"1"},"labels":{"a":"2"}}""", 400, null)]
    [InlineData("""{"labels":{"a":"1","a":"2"}}""", 400, null)]
    public async Task A_change_that_cannot_be_is_refused_and_changes_nothing(string patch, int status, string? field)
    {
        await host.Editor.PostAsync("/api/clusters", new { name = "unchanged", k8s_version = "1.34" });
        var before = await host.Editor.GetAsync("/api/clusters/unchanged");

        var answer = (await PatchAsync("unchanged", patch)).ShouldBeProblem(status);

        if (field is not null)
        {
            answer.ShouldBeInvalid(field, status);
        }

        var after = await host.Editor.GetAsync("/api/clusters/unchanged");
        after.Header("ETag").ShouldBe(before.Header("ETag"));
        foreach (var kept in new[] { "labels", "ttl_hours", "expires_at", "protected", "k8s_version", "generation" })
        {
            after.Json[kept]!.ToJsonString().ShouldBe(before.Json[kept]!.ToJsonString(), kept);
        }
    }

    [Fact]
    public async Task Protection_is_given_and_taken_by_admins()
    {
        await host.Editor.CreateAsync(new { name = "protected" });

        (await host.Admin.PatchAsync("/api/clusters/protected", """{"protected":true}""")).ShouldBe(200).Json[
            "protected"
        ]!
            .GetValue<bool>()
            .ShouldBeTrue();
        (await host.Editor.PatchAsync("/api/clusters/protected", """{"protected":false}""")).ShouldBeProblem(403);
    }

    [Fact]
    public async Task A_time_to_live_counts_from_the_creation_and_null_is_the_default()
    {
        var created = (await host.Editor.CreateAsync(new { name = "ttl", ttl_hours = 2 })).Time("created");

        var changed = (await PatchAsync("ttl", """{"ttl_hours":10}""")).ShouldBe(200).Json;
        (changed.Number("ttl_hours"), changed.Time("expires_at")).ShouldBe((10, created.AddHours(10)));

        var reset = (await PatchAsync("ttl", """{"ttl_hours":null}""")).ShouldBe(200).Json;
        (reset.Number("ttl_hours"), reset.Time("expires_at")).ShouldBe((24, created.AddHours(24)));
    }

    [Fact]
    public async Task Extending_never_makes_the_end_earlier()
    {
        var created = await host.Editor.CreateAsync(new { name = "extended", ttl_hours = 10 });
        var ends = created.Time("expires_at");

        var shorter = await host.Editor.PostAsync("/api/clusters/extended/extend", new { ttl_hours = 1 });
        shorter.ShouldBe(200).Json.Time("expires_at").ShouldBe(ends);

        var longer = await host.Editor.PostAsync("/api/clusters/extended/extend", new { ttl_hours = 720 });
        var now = longer.ShouldBe(200).Json.Time("updated");
        longer.Json.Time("expires_at").ShouldBe(now.AddHours(720), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"ttl_hours":null}""", 422)]
    [InlineData("""{"ttl_hours":0}""", 422)]
    [InlineData("""{"ttl_hours":721}""", 422)]
    [InlineData("""{"ttl_hours":-2147483648}""", 422)]
    [InlineData("""{"ttl_hours":2147483648}""", 400)]
    [InlineData("""{"ttl_hours":"5"}""", 400)]
    [InlineData("""{"hours":5}""", 422)]
    [InlineData("", 400)]
    public async Task Extending_by_what_is_no_number_of_hours_is_refused(string body, int status)
    {
        await host.Editor.PostAsync("/api/clusters", new { name = "not-extended" });

        (await host.Editor.PostAsync("/api/clusters/not-extended/extend", body)).ShouldBeProblem(status);
    }

    [Fact]
    public async Task Verbs_that_do_not_fit_the_status_are_a_conflict_that_says_why()
    {
        await host.Editor.CreateAsync(new { name = "holder" });
        await host.Editor.CreateAsync(new { name = "waiting" });

        (await host.Editor.PostAsync("/api/clusters/waiting/pause"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("paused");
        (await host.Editor.PostAsync("/api/clusters/waiting/resume"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("Pending");
        (await host.Editor.PostAsync("/api/clusters/waiting/retry"))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("Failed");
    }

    [Theory]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/extend")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/retry")]
    public async Task A_cluster_that_is_not_there_is_404(string method, string verb)
    {
        var body =
            method == "PATCH" ? "{}"
            : verb == "/extend" ? """{"ttl_hours":1}"""
            : null;

        (await host.Editor.SendAsync(method, $"/api/clusters/nobody{verb}", body))
            .ShouldBeProblem(404)
            .Detail.ShouldBe("There is no cluster nobody.");
    }

    private Task<Answer> PatchAsync(string name, string patch, params (string, string)[] headers) =>
        host.Editor.PatchAsync($"/api/clusters/{name}", patch, headers);
}
