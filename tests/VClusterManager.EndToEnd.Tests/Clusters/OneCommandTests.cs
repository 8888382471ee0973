using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>What the README promises: one command, and then what it says to try.</summary>
public sealed class OneCommandTests(ITestOutputHelper output)
{
    [Fact]
    public async Task One_command_serves_clusters_that_work_and_go_without_a_trace()
    {
        await using var sandbox = await SandboxProcess.StartAsync("--ready-delay", "500ms");
        output.WriteLine($"It served after {sandbox.StartTime.TotalSeconds:0.0} s.");
        await PasswordWorksAsync(sandbox);
        var before = await HostInventory.TakeAsync(sandbox.Host);
        using var http = new HttpClient { BaseAddress = sandbox.State.Url };
        http.DefaultRequestHeaders.Add("X-API-Key", sandbox.State.AdminKey);

        using var create = new HttpRequestMessage(HttpMethod.Post, "/api/clusters");
        create.Content = new StringContent("""{"name":"demo"}""", null, "application/json");
        create.Headers.Add("Prefer", "wait=60");
        using var created = await http.SendAsync(create);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        ((string?)(await JsonOf(created))["status"]).ShouldBe("Running");

        await KubeconfigWorksAsync(sandbox, http);

        using var deleted = await http.DeleteAsync(new Uri("/api/clusters/demo?wait=60", UriKind.Relative));
        deleted.StatusCode.ShouldBe(HttpStatusCode.OK);
        await HostInventory.ShouldBeBackAsync(sandbox.Host, before);
        // It had no other rights than those that are shipped.
        (await sandbox.Control.RightsAsync())
            .Where(right => right.Allowed)
            .Select(right => right.ToString())
            .ShouldContain("create apps/statefulsets");

        using var missing = await http.GetAsync(new Uri("/api/clusters/demo", UriKind.Relative));
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var detail = (string)(await JsonOf(missing))["detail"]!;
        detail.ShouldMatch(@"demo was deleted at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ by admin: deleted by request");
    }

    private static async Task PasswordWorksAsync(SandboxProcess sandbox)
    {
        using var http = new HttpClient { BaseAddress = sandbox.State.Url };
        using var form = new FormUrlEncodedContent([
            new("username", "admin"),
            new("password", sandbox.State.AdminPassword),
        ]);
        using var given = await http.PostAsync(new Uri("/token", UriKind.Relative), form);
        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        var token = (string)(await JsonOf(given))["access_token"]!;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var me = await http.GetAsync(new Uri("/api/me", UriKind.Relative));
        ((string?)(await JsonOf(me))["role"]).ShouldBe("admin");
    }

    private static async Task KubeconfigWorksAsync(SandboxProcess sandbox, HttpClient http)
    {
        using var shown = await http.GetAsync(new Uri("/api/clusters/demo?include=kubeconfig", UriKind.Relative));
        var file = Path.Combine(sandbox.Folder, "demo.yaml");
        await File.WriteAllTextAsync(file, (string)(await JsonOf(shown))["kubeconfig"]!);
        var inside = new Kubectl(file, Path.Combine(sandbox.Folder, "demo"));
        (await inside.RunAsync("get", "namespaces", "-o", "name")).ShouldContain("namespace/kube-system");
        await inside.RunAsync("create", "configmap", "greeting", "--from-literal=text=hello");
        var kept = await inside.JsonAsync("get", "configmap", "greeting");
        ((string?)kept["data"]!["text"]).ShouldBe("hello");
        // It is another cluster than the host's: the host knows nothing of it.
        (await sandbox.Host.RunAsync("get", "configmaps", "-n", "default", "-o", "name")).ShouldNotContain("greeting");
    }

    private static async Task<JsonNode> JsonOf(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}
