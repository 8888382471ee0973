using System.Net.Http.Headers;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class ProxyTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    [Theory]
    [InlineData("services/web:80/proxy/a/b?c=d")]
    [InlineData("services/web:http/proxy/a/b?c=d")]
    [InlineData("services/http:web:/proxy/a/b?c=d")]
    [InlineData("pods/web/proxy/a/b?c=d")]
    [InlineData("pods/web:8080/proxy/a/b?c=d")]
    public async Task A_request_reaches_the_pod_with_its_path_and_without_who_made_it(string path)
    {
        await ServeAsync("passed");
        using var client = sandbox.WithToken(sandbox.Host.AdminToken);
        client.DefaultRequestHeaders.Add("X-Own", "kept");

        var page = await client.GetStringAsync($"/api/v1/namespaces/passed/{path}");

        page.ShouldStartWith("This is pod web in passed.");
        page.ShouldContain("GET /a/b?c=d HTTP/1.1");
        page.ShouldContain("X-Own: kept");
        page.ShouldNotContain("Authorization", Case.Insensitive);
        page.ShouldNotContain(sandbox.Host.AdminToken);
    }

    [Fact]
    public async Task The_api_of_a_virtual_cluster_sees_someone_unknown()
    {
        await sandbox.InstallAsync("behind", "demo");
        await sandbox.KubeconfigAsync("behind", "demo");
        using var client = sandbox.WithToken(sandbox.Host.AdminToken);
        const string proxy = "/api/v1/namespaces/behind/services/https:demo:443/proxy";

        (await client.GetJsonAsync($"{proxy}/version")).Text("major").ShouldBe("1");
        var refused = await client.GetJsonAsync($"{proxy}/api/v1/namespaces");
        refused.Text("code").ShouldBe("403");
        refused.Text("message")!.ShouldContain("User \"system:anonymous\" cannot list");
    }

    [Fact]
    public async Task Without_the_right_to_the_proxy_nothing_is_passed_on()
    {
        await ServeAsync("forbidden");
        using var stranger = sandbox.WithToken("nonsense");
        using var anonymous = sandbox.Anonymous();
        const string path = "/api/v1/namespaces/forbidden/services/web:80/proxy/";

        (await stranger.GetJsonAsync(path)).Text("code").ShouldBe("401");
        (await anonymous.GetJsonAsync(path)).Text("message")!.ShouldContain("cannot get resource \"services/proxy\"");
    }

    [Fact]
    public async Task What_is_not_there_is_told_as_the_real_server_tells_it()
    {
        await ServeAsync("missing");
        await sandbox.Admin.PostJsonAsync(
            "/api/v1/namespaces/missing/services",
            """{"metadata":{"name":"empty"},"spec":{"selector":{"app":"none"},"ports":[{"port":80}]}}"""
        );
        const string all = "/api/v1/namespaces/missing";

        (await MessageAsync($"{all}/services/empty:80/proxy/")).ShouldBe(
            "no endpoints available for service \"empty\""
        );
        (await MessageAsync($"{all}/services/web:81/proxy/")).ShouldBe(
            "no service port \"81\" found for service \"web\""
        );
        (await MessageAsync($"{all}/services/none/proxy/")).ShouldBe("services \"none\" not found");
        (await MessageAsync($"{all}/pods/web:9/proxy/")).ShouldContain(
            ":9: connect: connection refused",
            customMessage: "error trying to reach service"
        );
    }

    [Fact]
    public async Task A_body_is_passed_on_and_the_type_of_the_answer_comes_back()
    {
        await ServeAsync("bodies");
        using var content = new StringContent("{}");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-own");
        using var answer = await sandbox.Admin.PostAsync("/api/v1/namespaces/bodies/services/web/proxy/post", content);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("POST /post HTTP/1.1");
        page.ShouldContain("Content-Type: application/x-own");
        page.ShouldContain("Content-Length: 2");
    }

    private async Task<string> MessageAsync(string path) => (await sandbox.Admin.GetJsonAsync(path)).Text("message")!;

    private async Task ServeAsync(string ns)
    {
        await sandbox.CreateNamespaceAsync(ns);
        await sandbox.Admin.PostJsonAsync(
            $"/api/v1/namespaces/{ns}/pods",
            """{"metadata":{"name":"web","labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"name":"own","containerPort":8080}]}]}}"""
        );
        await sandbox.Admin.PostJsonAsync(
            $"/api/v1/namespaces/{ns}/services",
            """{"metadata":{"name":"web"},"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":"own"}]}}"""
        );
        await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"/api/v1/namespaces/{ns}/endpoints/web",
            endpoints => endpoints.Text("subsets", "0", "addresses", "0", "targetRef", "name") == "web"
        );
    }
}
