namespace VClusterManager.Sandbox.Tests.Clients;

public sealed class KubectlWriteTests(ClientSandbox clients) : IClassFixture<ClientSandbox>
{
    [Theory, CombinatorialTargets]
    public async Task Apply_creates_then_changes_then_leaves_alone(Target target)
    {
        (await Kubectl(target, "create namespace applied")).ShouldSucceed();
        (await Apply(target, "applied", Manifests.Web))
            .ShouldSucceed()
            .Out.ShouldBe("configmap/settings created\nservice/web created\ndeployment.apps/web created\n");
        (await Apply(target, "applied", Manifests.Web))
            .ShouldSucceed()
            .Out.ShouldBe("configmap/settings unchanged\nservice/web unchanged\ndeployment.apps/web unchanged\n");
        var changed = Manifests.Web.Replace("greeting: hello", "parting: bye", StringComparison.Ordinal);
        (await Apply(target, "applied", changed))
            .ShouldSucceed()
            .Out.ShouldStartWith("configmap/settings configured\n");
        var data = await Kubectl(target, "-n applied get cm settings -o jsonpath={.data}");
        data.ShouldSucceed().Out.ShouldBe("""{"parting":"bye"}""");
    }

    [Theory, CombinatorialTargets]
    public async Task Server_side_apply_tells_of_conflicts_and_can_be_forced(Target target)
    {
        (await Kubectl(target, "create namespace owned")).ShouldSucceed();
        const string map = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""";
        (await Kubectl(target, "-n owned apply --server-side --field-manager=one -f -", map))
            .ShouldSucceed()
            .Out.ShouldBe("configmap/m serverside-applied\n");
        var other = map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);

        var conflict = await Kubectl(target, "-n owned apply --server-side --field-manager=two -f -", other);

        conflict.ShouldFail().Error.ShouldContain("conflict with \"one\": .data.a");
        var forced = "-n owned apply --server-side --field-manager=two --force-conflicts -f -";
        (await Kubectl(target, forced, other)).ShouldSucceed();
        (await Kubectl(target, "-n owned get cm m -o jsonpath={.data.a}")).Out.ShouldBe("2");
    }

    [Theory, CombinatorialTargets]
    public async Task Every_type_of_patch_is_taken(Target target)
    {
        await clients.DeployAsync(target, "patched");
        await PatchAsync("json", """[{"op":"add","path":"/metadata/labels/json","value":"yes"}]""");
        await PatchAsync("merge", """{"metadata":{"labels":{"merge":"yes"}}}""");
        await PatchAsync(
            "strategic",
            """{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"b"}]}]}}}}"""
        );

        var read = await Kubectl(
            target,
            "-n patched get deployment web -o jsonpath={.metadata.labels},{.spec.template.spec.containers[0].image},{.spec.template.spec.containers[0].env[0].value}"
        );
        read.Out.ShouldBe("""{"app":"web","json":"yes","merge":"yes"},example.com/web:1,b""");
        var nothing = await Kubectl(target, """-n patched patch deployment web -p {"spec":{"replicas":1}}""");
        nothing.ShouldSucceed().Out.ShouldBe("deployment.apps/web patched (no change)\n");

        async Task PatchAsync(string type, string patch) =>
            (await Kubectl(target, $"-n patched patch deployment web --type={type} -p {patch}"))
                .ShouldSucceed()
                .Out.ShouldBe("deployment.apps/web patched\n");
    }

    [Theory, CombinatorialTargets]
    public async Task A_deployment_is_scaled_rolled_out_and_rolled_back(Target target)
    {
        await clients.DeployAsync(target, "rolled");
        const string status = "-n rolled rollout status deployment/web --timeout=30s";
        (await Kubectl(target, "-n rolled scale deployment/web --replicas=2"))
            .ShouldSucceed()
            .Out.ShouldBe("deployment.apps/web scaled\n");
        (await Kubectl(target, status))
            .ShouldSucceed()
            .Out.ShouldEndWith("deployment \"web\" successfully rolled out\n");
        (await Kubectl(target, "-n rolled set image deployment/web web=example.com/web:2")).ShouldSucceed();
        (await Kubectl(target, status)).ShouldSucceed();
        var history = (await Kubectl(target, "-n rolled rollout history deployment/web")).ShouldSucceed().Out;
        history.ShouldContain("REVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n");
        (await Kubectl(target, "-n rolled rollout undo deployment/web"))
            .ShouldSucceed()
            .Out.ShouldBe("deployment.apps/web rolled back\n");
        (await Kubectl(target, status)).ShouldSucceed();
        var image = await Kubectl(
            target,
            "-n rolled get deployment web -o jsonpath={.spec.template.spec.containers[0].image}"
        );
        image.Out.ShouldBe("example.com/web:1");
    }

    [Theory, CombinatorialTargets]
    public async Task Wait_returns_when_it_is_so_and_fails_when_it_never_is(Target target)
    {
        await clients.DeployAsync(target, "waited");
        (await Kubectl(target, "-n waited wait --for=condition=Available deployment/web --timeout=30s"))
            .ShouldSucceed()
            .Out.ShouldBe("deployment.apps/web condition met\n");
        var never = await Kubectl(target, "-n waited wait --for=condition=Nonsense deployment/web --timeout=100ms");
        never.ShouldFail().Error.ShouldContain("timed out waiting for the condition");
        await using var deleted = clients.Start(
            "kubectl",
            target,
            ["-n", "waited", "wait", "--for=delete", "deployment/web", "--timeout=30s"]
        );
        (await Kubectl(target, "-n waited delete deployment web"))
            .ShouldSucceed()
            .Out.ShouldBe("deployment.apps \"web\" deleted from waited namespace\n");
        (await deleted.EndAsync()).ShouldSucceed();
    }

    [Theory, CombinatorialTargets]
    public async Task Delete_waits_until_a_namespace_is_gone_with_all_in_it(Target target)
    {
        await clients.DeployAsync(target, "deleted");
        (await Kubectl(target, "delete namespace deleted --timeout=30s"))
            .ShouldSucceed()
            .Out.ShouldBe("namespace \"deleted\" deleted\n");
        (await Kubectl(target, "get namespace deleted")).ShouldFail();
        var again = (await Kubectl(target, "delete namespace deleted")).ShouldFail();
        again.Error.ShouldBe("Error from server (NotFound): namespaces \"deleted\" not found\n");
        (await Kubectl(target, "delete namespace deleted --ignore-not-found")).ShouldSucceed();
    }

    [Theory, CombinatorialTargets]
    public async Task What_the_real_server_refuses_is_refused(Target target)
    {
        await clients.DeployAsync(target, "strict");
        const string unknown = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"dataa":{}}""";
        (await Apply(target, "strict", unknown)).ShouldFail().Error.ShouldContain("unknown field \"dataa\"");
        var elsewhere = (await Kubectl(target, "-n nosuch create configmap m")).ShouldFail();
        elsewhere.Error.ShouldBe("error: failed to create configmap: namespaces \"nosuch\" not found\n");
        var selector = Manifests.Web.Replace("app: web}}\n", "app: other}}\n", StringComparison.Ordinal);
        (await Apply(target, "strict", selector)).ShouldFail().Error.ShouldContain("field is immutable");
        var name = (await Kubectl(target, "-n strict create configmap Not_A_Name")).ShouldFail();
        name.Error.ShouldContain("a lowercase RFC 1123 subdomain must consist of");
    }

    private Task<ToolOutcome> Apply(Target target, string ns, string manifest) =>
        Kubectl(target, $"-n {ns} apply -f -", manifest);

    private Task<ToolOutcome> Kubectl(Target target, string arguments, string? input = null) =>
        clients.KubectlAsync(target, arguments, input);
}
