using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Authorization;

public sealed class AuthorizationTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task No_one_grants_by_a_role_what_they_do_not_hold()
    {
        using var client = await AccountAsync("grant", "admin");
        const string rules =
            """[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]},{"apiGroups":[""],"resources":["endpoints"],"verbs":["create","delete","get"]}]""";

        var refused = await client.PostJsonAsync(
            $"{Rbac}/namespaces/grant/roles",
            $$$"""{"metadata":{"name":"big"},"rules":{{{rules}}}}"""
        );

        refused
            .Text("message")
            .ShouldBe(
                "roles.rbac.authorization.k8s.io \"big\" is forbidden: user \"system:serviceaccount:grant:s\" (groups=[\"system:serviceaccounts\" \"system:serviceaccounts:grant\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"endpoints\"], Verbs:[\"create\" \"delete\"]}"
            );
    }

    [Fact]
    public async Task Nor_by_a_binding()
    {
        using var client = await AccountAsync("bind", "admin");
        var refused = await client.PostJsonAsync(
            $"{Rbac}/namespaces/bind/rolebindings",
            """{"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"User","name":"me"}]}"""
        );
        refused.Text("code").ShouldBe("403");
        refused.Text("message")!.ShouldContain("""{APIGroups:["*"], Resources:["*"], Verbs:["*"]}""");
        var held = await client.PostJsonAsync(
            $"{Rbac}/namespaces/bind/rolebindings",
            """{"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"me"}]}"""
        );
        held.Text("kind").ShouldBe("RoleBinding");
    }

    [Fact]
    public async Task A_view_reads_but_does_not_write_and_sees_no_secrets()
    {
        using var client = await AccountAsync("viewer", "view");
        (await client.GetJsonAsync("/api/v1/namespaces/viewer/pods")).Text("kind").ShouldBe("PodList");
        (await client.GetJsonAsync("/api/v1/namespaces/viewer/secrets")).Text("code").ShouldBe("403");
        (await client.DeleteJsonAsync("/api/v1/namespaces/viewer/configmaps/x"))
            .Text("message")
            .ShouldBe(
                "configmaps \"x\" is forbidden: User \"system:serviceaccount:viewer:s\" cannot delete resource \"configmaps\" in API group \"\" in the namespace \"viewer\""
            );
        (await client.GetJsonAsync("/api/v1/namespaces/default/pods")).Text("code").ShouldBe("403");
    }

    [Fact]
    public async Task A_token_ends_with_its_account()
    {
        using var client = await AccountAsync("ending", "view");
        await Admin.DeleteJsonAsync("/api/v1/namespaces/ending/serviceaccounts/s");
        (await client.GetJsonAsync("/api/v1/namespaces/ending/pods")).Text("code").ShouldBe("401");
    }

    [Fact]
    public async Task Only_those_who_may_act_as_someone_else()
    {
        using var client = await AccountAsync("actor", "view");
        client.DefaultRequestHeaders.Add("Impersonate-User", "jane");
        (await client.GetJsonAsync("/api/v1/namespaces/actor/pods"))
            .Text("message")
            .ShouldBe(
                "users \"jane\" is forbidden: User \"system:serviceaccount:actor:s\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"
            );
    }

    [Fact]
    public async Task A_token_review_knows_whose_token_it_is()
    {
        using var client = await AccountAsync("review", "view");
        var token = client.DefaultRequestHeaders.Authorization!.Parameter;
        var review = await Admin.PostJsonAsync(
            "/apis/authentication.k8s.io/v1/tokenreviews",
            $$$"""{"spec":{"token":"{{{token}}}"}}"""
        );
        review.Text("status", "authenticated").ShouldBe("true");
        review.Text("status", "user", "username").ShouldBe("system:serviceaccount:review:s");
    }

    [Fact]
    public async Task A_token_for_somebody_else_opens_nothing()
    {
        using var client = await AccountAsync("audience", "view");
        using var vault = sandbox.WithToken(await sandbox.TokenAsync("audience", """{"audiences":["vault"]}"""));
        (await client.GetJsonAsync("/api/v1/namespaces/audience/pods")).Text("kind").ShouldBe("PodList");
        (await vault.GetJsonAsync("/api/v1/namespaces/audience/pods")).Text("code").ShouldBe("401");
    }

    [Fact]
    public async Task One_may_ask_what_one_may_do_in_a_namespace_be_it_there_or_not()
    {
        const string rule = """{"apiGroups":["apps"],"resources":["deployments"],"verbs":["list"]}""";
        using var client = await sandbox.AccountAsync("asking", [rule], clusterWide: true);
        const string reviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

        var answer = await client.PostJsonAsync(reviews, """{"spec":{"namespace":"nowhere"}}""");
        answer["status"]!["resourceRules"]!
            .AsArray()
            .Select(one => one!.ToJsonString())
            .ShouldContain("""{"verbs":["list"],"apiGroups":["apps"],"resources":["deployments"]}""");
        var nowhere = await client.PostJsonAsync(reviews, """{"spec":{}}""");
        nowhere.Text("message").ShouldBe("no namespace on request");
    }

    [Fact]
    public async Task A_session_in_a_pod_takes_the_right_to_create_it_also_over_a_web_socket()
    {
        using var client = await sandbox.AccountAsync(
            "session",
            """{"apiGroups":[""],"resources":["pods/portforward"],"verbs":["get"]}"""
        );
        using var handler = sandbox.AdminInvoker();
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.HttpVersion = new Version(1, 1);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        socket.Options.SetRequestHeader("Authorization", client.DefaultRequestHeaders.Authorization!.ToString());
        var address = new UriBuilder(
            new Uri(sandbox.Host.Url, "/api/v1/namespaces/session/pods/p/portforward?ports=80")
        )
        {
            Scheme = "wss",
        };

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() =>
            socket.ConnectAsync(address.Uri, handler, TestContext.Current.CancellationToken)
        );

        ((int)socket.HttpStatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task What_an_account_needed_is_noted_once_with_what_became_of_it()
    {
        using var client = await AccountAsync("noted", "view");
        for (var i = 0; i < 3; i++)
        {
            await client.GetJsonAsync("/api/v1/namespaces/noted/pods");
            await client.DeleteJsonAsync("/api/v1/namespaces/noted/pods/x");
        }

        using var control = new HttpClient { BaseAddress = sandbox.Host.ControlUrl };
        var noted = await control.GetJsonAsync("/rights?user=system:serviceaccount:noted:s");

        noted["rights"]!
            .AsArray()
            .Select(right =>
                $"{right.Text("verb")} {right.Text("resource")} {right.Text("namespace")} {right.Text("allowed")}"
            )
            .ShouldBe(["list pods noted true", "delete pods noted false"], ignoreOrder: true);
    }

    private async Task<HttpClient> AccountAsync(string ns, string role)
    {
        await sandbox.CreateNamespaceAsync(ns);
        await Admin.PostJsonAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"s"}}""");
        await Admin.PostJsonAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            $$$"""{"metadata":{"name":"s"},"roleRef":{"kind":"ClusterRole","name":"{{{role}}}"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"{{{ns}}}"}]}"""
        );
        var token = await Admin.PostJsonAsync($"/api/v1/namespaces/{ns}/serviceaccounts/s/token", """{"spec":{}}""");
        return sandbox.WithToken(token.Text("status", "token")!);
    }
}
