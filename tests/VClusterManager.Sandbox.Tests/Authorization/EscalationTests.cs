using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Authorization;

/// <summary>Nobody gets further than they are by writing roles and bindings.</summary>
public sealed class EscalationTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Pods = """{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}""";

    private HttpClient Admin => sandbox.Admin;

    [Theory]
    [InlineData("update")]
    [InlineData("merge")]
    [InlineData("apply")]
    public async Task A_role_does_not_grow_beyond_what_its_writer_holds(string how)
    {
        var ns = $"grow-{how}";
        using var client = await sandbox.AccountAsync(ns, Pods, Roles("create", "get", "update", "patch"));
        var path = $"{Rbac}/namespaces/{ns}/roles";
        (await client.PostJsonAsync(path, Role("small", Pods))).Text("kind").ShouldBe("Role");
        const string more = """{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}""";

        var refused = how switch
        {
            "update" => await client.PutJsonAsync($"{path}/small", Role("small", Pods, more)),
            "merge" => await client.MergeAsync($"{path}/small", $$"""{"rules":[{{Pods}},{{more}}]}"""),
            _ => await client.PatchAsync(
                $"{path}/small?fieldManager=me&force=true",
                Role("small", Pods, more),
                "application/apply-patch+yaml"
            ),
        };

        refused.Text("code").ShouldBe("403");
        refused.Text("message")!.ShouldEndWith("""{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}""");
        var rules = (await Admin.GetJsonAsync($"{path}/small"))["rules"]!.AsArray();
        rules.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_may_escalate_writes_any_role_and_by_its_name_only_that_one()
    {
        using var any = await sandbox.AccountAsync("escalate", Roles("create", "update", "escalate"));
        (await any.PostJsonAsync($"{Rbac}/namespaces/escalate/roles", Role("any", Pods))).Text("kind").ShouldBe("Role");

        const string named =
            """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"resourceNames":["one"],"verbs":["escalate"]}""";
        using var one = await sandbox.AccountAsync("escalate-one", Roles("create", "update"), named);
        var path = $"{Rbac}/namespaces/escalate-one/roles";
        // The address of a new one has no name in it.
        (await one.PostJsonAsync(path, Role("one", Pods)))
            .Text("code")
            .ShouldBe("403");
        await Admin.PostJsonAsync(path, Role("one"));
        await Admin.PostJsonAsync(path, Role("other"));
        (await one.PutJsonAsync($"{path}/one", Role("one", Pods))).Text("kind").ShouldBe("Role");
        (await one.PutJsonAsync($"{path}/other", Role("other", Pods))).Text("code").ShouldBe("403");
    }

    [Fact]
    public async Task Who_may_bind_a_role_binds_that_one_without_holding_it()
    {
        const string bind =
            """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["edit"],"verbs":["bind"]}""";
        const string bindings =
            """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["rolebindings"],"verbs":["create"]}""";
        using var client = await sandbox.AccountAsync("bound", bind, bindings);
        var path = $"{Rbac}/namespaces/bound/rolebindings";

        (await client.PostJsonAsync(path, Binding("edits", "edit"))).Text("kind").ShouldBe("RoleBinding");
        (await client.PostJsonAsync(path, Binding("views", "view"))).Text("code").ShouldBe("403");
        (await client.PostJsonAsync(path, Binding("none", "missing")))
            .Text("message")
            .ShouldBe("rolebindings.rbac.authorization.k8s.io \"none\" not found");
    }

    [Fact]
    public async Task Finalizers_come_off_a_role_that_is_more_than_one_holds_and_labels_do_not_go_on_it()
    {
        using var client = await sandbox.AccountAsync("finalized", Roles("patch"));
        var path = $"{Rbac}/namespaces/finalized/roles";
        await Admin.PostJsonAsync(
            path,
            $$"""{"metadata":{"name":"held","finalizers":["example.com/held"]},"rules":[{{Pods}}]}"""
        );

        (await client.MergeAsync($"{path}/held", """{"metadata":{"labels":{"a":"b"}}}""")).Text("code").ShouldBe("403");
        var freed = await client.MergeAsync($"{path}/held", """{"metadata":{"finalizers":null}}""");

        freed.Text("kind").ShouldBe("Role");
        freed["metadata"]!["finalizers"].ShouldBeNull();
    }

    [Fact]
    public async Task A_role_that_gathers_others_takes_all_rights()
    {
        const string roles =
            """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create"]}""";
        using var client = await sandbox.AccountAsync("gather", [roles], clusterWide: true);
        var refused = await client.PostJsonAsync(
            $"{Rbac}/clusterroles",
            """{"metadata":{"name":"gather"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]},"rules":[]}"""
        );
        refused
            .Text("message")
            .ShouldBe(
                "clusterroles.rbac.authorization.k8s.io \"gather\" is forbidden: must have cluster-admin privileges to use an aggregationRule"
            );
    }

    [Fact]
    public async Task A_rule_with_names_is_for_those_and_is_passed_on_name_by_name()
    {
        static string Secrets(string verb, params string[] names) =>
            $$"""{"apiGroups":[""],"resources":["secrets"],"resourceNames":[{{string.Join(
                ',',
                names.Select(name => $"\"{name}\"")
            )}}],"verbs":["{{verb}}"]}""";
        using var client = await sandbox.AccountAsync(
            "named",
            Secrets("get", "a"),
            Secrets("get", "b"),
            Roles("create")
        );
        foreach (var name in new[] { "a", "c" })
        {
            await Admin.PostJsonAsync("/api/v1/namespaces/named/secrets", $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        }

        (await client.GetJsonAsync("/api/v1/namespaces/named/secrets/a")).Text("kind").ShouldBe("Secret");
        (await client.GetJsonAsync("/api/v1/namespaces/named/secrets/c")).Text("code").ShouldBe("403");
        (await client.GetJsonAsync("/api/v1/namespaces/named/secrets")).Text("code").ShouldBe("403");
        var path = $"{Rbac}/namespaces/named/roles";
        (await client.PostJsonAsync(path, Role("both", Secrets("get", "a", "b")))).Text("kind").ShouldBe("Role");
        (await client.PostJsonAsync(path, Role("third", Secrets("get", "a", "c")))).Text("code").ShouldBe("403");
        const string all = """{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}""";
        (await client.PostJsonAsync(path, Role("all", all))).Text("code").ShouldBe("403");
    }

    private static string Roles(params string[] verbs) =>
        $$"""{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":[{{string.Join(
            ',',
            verbs.Select(verb => $"\"{verb}\"")
        )}}]}""";

    private static string Role(string name, params string[] rules) =>
        $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"{{name}}"},"rules":[{{string.Join(
            ',',
            rules
        )}}]}""";

    private static string Binding(string name, string role) =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"roleRef":{"kind":"ClusterRole","name":"{{{role}}}"},"subjects":[{"kind":"User","name":"me"}]}""";
}
