using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class QuotaTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task What_exceeds_a_quota_is_forbidden_with_the_numbers()
    {
        await sandbox.CreateNamespaceAsync("pods");
        await QuotaAsync("pods", """{"count/configmaps":"2"}""");
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/pods/configmaps",
            maps => maps["items"]!.AsArray().Count == 1
        );
        await Admin.PostJsonAsync("/api/v1/namespaces/pods/configmaps", """{"metadata":{"name":"a"}}""");

        var refused = await Admin.PostJsonAsync("/api/v1/namespaces/pods/configmaps", """{"metadata":{"name":"b"}}""");

        refused
            .Text("message")
            .ShouldBe(
                "configmaps \"b\" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2"
            );
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/pods/resourcequotas/q",
            quota => quota.Text("status", "used", "count/configmaps") == "2"
        );
    }

    [Fact]
    public async Task A_pod_that_does_not_say_what_it_takes_is_refused_unless_a_limit_range_says_it()
    {
        const string pod = """{"metadata":{"generateName":"p-"},"spec":{"containers":[{"name":"c","image":"i"}]}}""";
        await sandbox.CreateNamespaceAsync("amounts");
        await QuotaAsync("amounts", """{"limits.cpu":"1","requests.memory":"1Gi"}""");
        var refused = await Admin.PostJsonAsync("/api/v1/namespaces/amounts/pods", pod);
        refused
            .Text("message")!
            .ShouldContain("failed quota: q: must specify limits.cpu for: c; requests.memory for: c");

        await Admin.PostJsonAsync(
            "/api/v1/namespaces/amounts/limitranges",
            """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"cpu":"600m"},"defaultRequest":{"memory":"128Mi"}}]}}"""
        );
        (await Admin.PostJsonAsync("/api/v1/namespaces/amounts/pods", pod)).Text("kind").ShouldBe("Pod");
        (await Admin.PostJsonAsync("/api/v1/namespaces/amounts/pods", pod))
            .Text("message")!
            .ShouldContain(
                "exceeded quota: q, requested: limits.cpu=600m, used: limits.cpu=600m, limited: limits.cpu=1"
            );
    }

    private Task QuotaAsync(string ns, string hard) =>
        Admin.PostJsonAsync(
            $"/api/v1/namespaces/{ns}/resourcequotas",
            $$$"""{"metadata":{"name":"q"},"spec":{"hard":{{{hard}}}}}"""
        );
}
