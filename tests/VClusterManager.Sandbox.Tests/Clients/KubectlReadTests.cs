using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Clients;

public sealed class KubectlReadTests(ClientSandbox clients) : IClassFixture<ClientSandbox>
{
    [Theory, CombinatorialTargets]
    public async Task Get_prints_the_columns_of_each_kind(Target target)
    {
        await clients.DeployAsync(target, "columns");

        var deployments = (await Kubectl(target, "-n columns get deployments -o wide")).ShouldSucceed().Rows;
        deployments[0]
            .ShouldBe(["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"]);
        deployments[1][..4].ShouldBe(["web", "1/1", "1", "1"]);
        deployments[1][5..].ShouldBe(["web", "example.com/web:1", "app=web"]);
        var pods = (await Kubectl(target, "-n columns get pods")).ShouldSucceed().Rows;
        pods[0].ShouldBe(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
        pods[1][1..4].ShouldBe(["1/1", "Running", "0"]);
        var services = (await Kubectl(target, "-n columns get svc")).ShouldSucceed().Rows;
        services[0].ShouldBe(["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"]);
        services[1][1].ShouldBe("ClusterIP");
        services[1][4].ShouldBe("80/TCP");
    }

    [Theory, CombinatorialTargets]
    public async Task Get_prints_json_and_yaml(Target target)
    {
        await clients.DeployAsync(target, "formats");

        var json = JsonNode.Parse((await Kubectl(target, "-n formats get cm settings -o json")).ShouldSucceed().Out);
        json.Text("data", "greeting").ShouldBe("hello");
        json.Text("metadata", "managedFields").ShouldBeNull();
        var yaml = (await Kubectl(target, "-n formats get cm settings -o yaml")).ShouldSucceed().Out;
        yaml.ShouldStartWith("apiVersion: v1\ndata:\n  greeting: hello\nkind: ConfigMap\n");
        var path = await Kubectl(target, "-n formats get deployment web -o jsonpath={.status.readyReplicas}");
        path.ShouldSucceed().Out.ShouldBe("1");
    }

    [Theory, CombinatorialTargets]
    public async Task A_watch_prints_changes_as_they_come(Target target)
    {
        (await Kubectl(target, "create namespace watched")).ShouldSucceed();
        await using var watch = clients.Start(
            "kubectl",
            target,
            ["-n", "watched", "get", "configmaps", "-l", "seen=yes", "-w", "-o", "name"]
        );
        (await Kubectl(target, "-n watched apply -f -", Map("first"))).ShouldSucceed();
        (await NextAsync(watch)).ShouldBe("configmap/first");
        (await Kubectl(target, "-n watched apply -f -", Map("second"))).ShouldSucceed();
        (await NextAsync(watch)).ShouldBe("configmap/second");

        static string Map(string name) =>
            $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{"seen":"yes"} }}""";
    }

    [Theory, CombinatorialTargets]
    public async Task Describe_tells_of_a_pod_and_what_happened_to_it(Target target)
    {
        var pod = await clients.DeployAsync(target, "described");

        var text = (await Kubectl(target, $"-n described describe pod {pod}")).ShouldSucceed().Out;

        text.ShouldContain($"Name:             {pod}");
        text.ShouldContain("Status:           Running");
        text.ShouldContain("Controlled By:  ReplicaSet/web-");
        text.ShouldContain($"Successfully assigned described/{pod} to sandbox-0");
        text.ShouldContain("Started container web");
        var deployment = (await Kubectl(target, "-n described describe deployment web")).ShouldSucceed().Out;
        deployment.ShouldContain("1 desired | 1 updated | 1 total | 1 available | 0 unavailable");
        deployment.ShouldContain("Scaled up replica set web-");
        var node = (await Kubectl(target, "describe node sandbox-0")).ShouldSucceed().Out;
        node.ShouldContain("Ready   True");
        node.ShouldNotContain("Failed to get lease");
    }

    [Theory, CombinatorialTargets]
    public async Task It_says_who_one_is_and_what_one_may(Target target)
    {
        (await Kubectl(target, "auth can-i create pods")).ShouldSucceed().Out.ShouldBe("yes\n");
        var no = await Kubectl(target, "auth can-i create pods --as nobody");
        no.ShouldFail().Out.ShouldBe("no\n");
        var who = (await Kubectl(target, "auth whoami")).ShouldSucceed().Out;
        who.ShouldContain("Username");
        who.ShouldContain("system:masters");
    }

    [Theory, CombinatorialTargets]
    public async Task It_lists_and_explains_what_there_is(Target target)
    {
        var rows = (await Kubectl(target, "api-resources --api-group=apps")).ShouldSucceed().Rows;
        rows[0].ShouldBe(["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]);
        rows.Select(row => row[0])
            .ShouldBe(["NAME", "controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"]);
        var text = (await Kubectl(target, "explain deployment.spec")).ShouldSucceed().Out;
        text.ShouldContain("GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n");
        text.ShouldContain("replicas\t<integer>");
        (await Kubectl(target, "explain deployment.spec.nosuch")).ShouldFail();
    }

    [Theory, CombinatorialTargets]
    public async Task What_is_not_there_is_told_with_an_exit_code(Target target)
    {
        var missing = (await Kubectl(target, "get configmap nosuch")).ShouldFail();
        missing.Error.ShouldBe("Error from server (NotFound): configmaps \"nosuch\" not found\n");
        var kind = (await Kubectl(target, "get nosuch")).ShouldFail();
        kind.Error.ShouldBe("error: the server doesn't have a resource type \"nosuch\"\n");
        var forbidden = (await Kubectl(target, "get secrets --as nobody")).ShouldFail();
        forbidden.Error.ShouldBe(
            "Error from server (Forbidden): secrets is forbidden: User \"nobody\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"\n"
        );
    }

    private Task<ToolOutcome> Kubectl(Target target, string arguments, string? input = null) =>
        clients.KubectlAsync(target, arguments, input);

    private static Task<string?> NextAsync(Tool tool) =>
        tool.Out.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
}
