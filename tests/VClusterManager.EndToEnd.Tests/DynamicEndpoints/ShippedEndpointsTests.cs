using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Client;
using VClusterManager.EndToEnd.Tests.Access;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.DynamicEndpoints;

/// <summary>The endpoints that are shipped, in the server's own process, with the real kubectl, on the host and in a cluster.</summary>
public sealed class ShippedEndpointsTests(KubectlThroughProxyTests.Inside inside)
    : IClassFixture<KubectlThroughProxyTests.Inside>
{
    private const string Manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shipped }
        data: { text: "grüße ${not} $(touched)" }
        """;

    [Fact]
    public async Task All_of_them_answer_as_the_tools_do()
    {
        using var http = new HttpClient();
        var api = VClusterManagerClient.WithApiKey(http, inside.Sandbox.State.Url!, inside.Sandbox.State.AdminKey!);
        var endpoints = (await api.DynamicEndpointsAsync()).Endpoints.ToDictionary(e => e.Name);
        List<string> called = [];
        DynamicCall To(string name, JsonObject parameters, string? input = null)
        {
            called.Add(name);
            return DynamicCall.Of(endpoints[name], parameters, input);
        }

        // On the host.
        JsonObject ns = new() { ["namespace"] = "vcluster-demo" };
        Names(await api.CallJsonAsync(To("nodes", []))).ShouldNotBeEmpty();
        Names(await api.CallJsonAsync(To("namespaces", []))).ShouldContain("vcluster-demo");
        Names(await api.CallJsonAsync(To("pods", With(ns, "selector", "release=demo")))).ShouldContain("demo-0");
        (await api.CallJsonAsync(To("events", ns)))!["items"].ShouldBeOfType<JsonArray>();
        (await api.CallJsonAsync(To("describe-cluster", With(ns, "name", "demo"))))!["status"]!
            .GetValue<string>()
            .ShouldBe("Running");
        (
            await api.CallAsync(To("rollout-status", With(With(ns, "kind", "statefulset"), "name", "demo")))
        ).ShouldContain("roll out complete");
        await using (var log = await api.OpenAsync(To("pod-logs", With(With(ns, "pod", "demo-0"), "follow", true))))
        {
            using StreamReader reader = new(log);
            (await reader.ReadLineAsync()).ShouldNotBeNullOrEmpty();
        }

        // In the cluster.
        JsonObject cluster = new() { ["cluster"] = "demo", ["namespace"] = "default" };
        (await api.CallAsync(To("apply", With(cluster, "dry_run", "server"), Manifest))).ShouldContain(
            "(server dry run)"
        );
        (await api.CallAsync(To("apply", cluster, Manifest))).ShouldBe("configmap/shipped created\n");
        (await inside.RunAsync("kubectl get configmap shipped -o jsonpath='{.data}'")).ShouldContain(
            "grüße ${not} $(touched)"
        );
        var pod = await inside.PodAsync("seen");
        Names(await api.CallJsonAsync(To("cluster-pods", cluster))).ShouldContain(pod);

        called.Distinct().Order().ShouldBe(endpoints.Keys.Order());
        var missing = await Should.ThrowAsync<ProblemException>(() =>
            api.CallAsync(To("pod-logs", With(ns, "pod", "nobody")))
        );
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        missing.Message.ShouldContain("\"nobody\" not found");
    }

    private static IEnumerable<string> Names(JsonNode? list) =>
        list!["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!);

    private static JsonObject With(JsonObject parameters, string name, JsonNode value)
    {
        var all = parameters.DeepClone().AsObject();
        all[name] = value;
        return all;
    }
}
