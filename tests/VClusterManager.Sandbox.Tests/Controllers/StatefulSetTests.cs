using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class StatefulSetTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task Pods_are_numbered_and_have_claims_of_their_own()
    {
        var pods = await RunAsync("numbered", replicas: 2);

        Names(pods).ShouldBe(["web-0", "web-1"]);
        var claims = await Admin.GetJsonAsync("/api/v1/namespaces/numbered/persistentvolumeclaims");
        Names(claims).ShouldBe(["data-web-0", "data-web-1"]);
        claims["items"]!.AsArray().ShouldAllBe(claim => claim.Text("status", "phase") == "Bound");
    }

    [Fact]
    public async Task Fewer_replicas_take_the_highest_numbers_and_leave_the_claims()
    {
        await RunAsync("fewer", replicas: 3);
        await Admin.MergeAsync("/apis/apps/v1/namespaces/fewer/statefulsets/web/scale", """{"spec":{"replicas":1}}""");

        await PodsAsync("fewer", pods => Names(pods).SequenceEqual(["web-0"]));
        (await Admin.GetJsonAsync("/api/v1/namespaces/fewer/persistentvolumeclaims"))["items"]!
            .AsArray()
            .Count.ShouldBe(3);
    }

    [Fact]
    public async Task Claims_go_with_the_scale_where_the_policy_says_so()
    {
        await RunAsync(
            "policy",
            replicas: 2,
            """,{"op":"add","path":"/spec/persistentVolumeClaimRetentionPolicy","value":{"whenScaled":"Delete","whenDeleted":"Delete"}}"""
        );
        await Admin.MergeAsync("/apis/apps/v1/namespaces/policy/statefulsets/web", """{"spec":{"replicas":1}}""");
        await ClaimsAsync("policy", ["data-web-0"]);

        await Admin.DeleteJsonAsync("/apis/apps/v1/namespaces/policy/statefulsets/web");
        await ClaimsAsync("policy", []);
    }

    [Fact]
    public async Task A_new_template_replaces_the_pods_one_after_the_other()
    {
        var before = await RunAsync("rolling", replicas: 2);
        await Admin.PatchAsync(
            "/apis/apps/v1/namespaces/rolling/statefulsets/web",
            """{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"example.com/c:2"}]}}}}""",
            "application/strategic-merge-patch+json"
        );

        var after = await PodsAsync(
            "rolling",
            pods =>
                pods["items"]!.AsArray().Count == 2
                && pods["items"]!
                    .AsArray()
                    .All(pod => pod.Text("spec", "containers", "0", "image") == "example.com/c:2")
        );

        Names(after).ShouldBe(["web-0", "web-1"]);
        Uids(after).Intersect(Uids(before)).ShouldBeEmpty();
        var set = await SandboxHost.EventuallyAsync(
            Admin,
            "/apis/apps/v1/namespaces/rolling/statefulsets/web",
            set => set.Text("status", "updatedReplicas") == "2" && set.Text("status", "readyReplicas") == "2"
        );
        set.Text("status", "currentRevision").ShouldBe(set.Text("status", "updateRevision"));
        (await Admin.GetJsonAsync("/apis/apps/v1/namespaces/rolling/controllerrevisions"))["items"]!
            .AsArray()
            .Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_pod_comes_back_under_its_name_with_its_claim()
    {
        var before = await RunAsync("back", replicas: 1);
        await Admin.DeleteJsonAsync("/api/v1/namespaces/back/pods/web-0");

        var after = await PodsAsync(
            "back",
            pods => Names(pods).SequenceEqual(["web-0"]) && !Uids(pods).Intersect(Uids(before)).Any()
        );

        after.Text("items", "0", "spec", "volumes", "0", "persistentVolumeClaim", "claimName").ShouldBe("data-web-0");
    }

    [Fact]
    public async Task A_pod_that_cannot_be_made_leaves_an_event_that_says_why()
    {
        await sandbox.CreateNamespaceAsync("account");
        var set = StatefulSet(1);
        set["spec"]!["template"]!["spec"]!["serviceAccountName"] = "nobody";
        await Admin.PostJsonAsync("/apis/apps/v1/namespaces/account/statefulsets", set.ToJsonString());

        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/account/events?fieldSelector=reason%3DFailedCreate",
            events =>
                events
                    .Text("items", "0", "message")
                    ?.Contains("serviceaccount \"nobody\" not found", StringComparison.Ordinal) == true
        );
    }

    private async Task<JsonObject> RunAsync(string ns, int replicas, string patch = "")
    {
        await sandbox.CreateNamespaceAsync(ns);
        await Admin.PostJsonAsync($"/apis/apps/v1/namespaces/{ns}/statefulsets", StatefulSet(replicas).ToJsonString());
        if (patch.Length > 0)
        {
            await Admin.PatchAsync(
                $"/apis/apps/v1/namespaces/{ns}/statefulsets/web",
                $"[{patch[1..]}]",
                "application/json-patch+json"
            );
        }

        await SandboxHost.EventuallyAsync(
            Admin,
            $"/apis/apps/v1/namespaces/{ns}/statefulsets/web",
            set => set.Text("status", "readyReplicas") == $"{replicas}"
        );
        return await Admin.GetJsonAsync($"/api/v1/namespaces/{ns}/pods");
    }

    private Task<JsonObject> PodsAsync(string ns, Func<JsonObject, bool> wanted) =>
        SandboxHost.EventuallyAsync(Admin, $"/api/v1/namespaces/{ns}/pods", wanted);

    private Task<JsonObject> ClaimsAsync(string ns, string[] names) =>
        SandboxHost.EventuallyAsync(
            Admin,
            $"/api/v1/namespaces/{ns}/persistentvolumeclaims",
            claims => Names(claims).SequenceEqual(names)
        );

    private static List<string?> Names(JsonObject list) =>
        [.. list["items"]!.AsArray().Select(item => item.Text("metadata", "name"))];

    private static List<string?> Uids(JsonObject list) =>
        [.. list["items"]!.AsArray().Select(item => item.Text("metadata", "uid"))];

    private static JsonObject StatefulSet(int replicas) =>
        (JsonObject)
            JsonNode.Parse(
                $$$$$"""{"metadata":{"name":"web"},"spec":{"replicas":{{{{{replicas}}}}},"serviceName":"web","selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"example.com/c:1"}]}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}"""
            )!;
}
