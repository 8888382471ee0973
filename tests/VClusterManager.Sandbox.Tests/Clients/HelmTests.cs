namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>A release of a small chart from its beginning to its end, with both generations of helm.</summary>
public sealed class HelmTests(ClientSandbox clients) : IClassFixture<ClientSandbox>
{
    private static readonly string Chart = Path.Combine(AppContext.BaseDirectory, "Clients", "Chart");

    [Theory, CombinatorialTargets("helm", "helm3")]
    public async Task A_release_is_installed_upgraded_rolled_back_and_uninstalled(Target target, string helm)
    {
        var ns = $"life-{helm}";
        var installed = await Helm(
            target,
            helm,
            $"install shop {Chart} -n {ns} --create-namespace --wait --timeout 30s"
        );
        installed.ShouldSucceed().Out.ShouldContain("STATUS: deployed\nREVISION: 1\n");
        installed.Out.ShouldContain("Say hello to shop.");
        (await ReadAsync(target, ns, "deployment/shop", "{.status.readyReplicas}")).ShouldBe("1");
        (await ReadAsync(target, ns, "job/shop-migrate", "{.status.succeeded}")).ShouldBe("1");

        var upgraded = await Helm(
            target,
            helm,
            $"upgrade shop {Chart} -n {ns} --set replicas=2,greeting=bye --wait --timeout 30s"
        );
        upgraded.ShouldSucceed().Out.ShouldStartWith("Release \"shop\" has been upgraded. Happy Helming!\n");
        (await ReadAsync(target, ns, "deployment/shop", "{.status.readyReplicas}")).ShouldBe("2");
        (await ReadAsync(target, ns, "configmap/shop-settings", "{.data.greeting}")).ShouldBe("bye");
        var status = (await Helm(target, helm, $"status shop -n {ns}")).ShouldSucceed();
        status.Out.ShouldContain("REVISION: 2\n");

        (await Helm(target, helm, $"rollback shop 1 -n {ns} --wait --timeout 30s"))
            .ShouldSucceed()
            .Out.ShouldBe("Rollback was a success! Happy Helming!\n");
        (await ReadAsync(target, ns, "configmap/shop-settings", "{.data.greeting}")).ShouldBe("hello");
        var history = (await Helm(target, helm, $"history shop -n {ns}")).ShouldSucceed().Rows;
        history.Select(row => row[2]).ShouldBe(["STATUS", "superseded", "superseded", "deployed"]);

        (await Helm(target, helm, $"uninstall shop -n {ns} --wait --timeout 30s"))
            .ShouldSucceed()
            .Out.ShouldBe("release \"shop\" uninstalled\n");
        (await clients.KubectlAsync(target, $"-n {ns} get deployment shop")).ShouldFail();
        (await Helm(target, helm, $"status shop -n {ns}")).ShouldFail().Error.ShouldContain("release: not found");
    }

    [Theory, CombinatorialTargets("helm", "helm3")]
    public async Task A_list_shows_the_releases_of_a_namespace(Target target, string helm)
    {
        var ns = $"list-{helm}";
        (await Helm(target, helm, $"list -n {ns}")).ShouldSucceed().Rows.Length.ShouldBe(1);
        (await Helm(target, helm, $"install shop {Chart} -n {ns} --create-namespace")).ShouldSucceed();

        var rows = (await Helm(target, helm, $"list -n {ns}")).ShouldSucceed().Rows;

        rows[0].ShouldBe(["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"]);
        (rows[1][0], rows[1][1], rows[1][2], rows[1][4], rows[1][5]).ShouldBe(
            ("shop", ns, "1", "deployed", "shop-1.0.0")
        );
    }

    [Theory, CombinatorialTargets("helm", "helm3")]
    public async Task A_hook_that_fails_fails_the_upgrade_and_changes_nothing(Target target, string helm)
    {
        var ns = $"hook-{helm}";
        (await Helm(target, helm, $"install shop {Chart} -n {ns} --create-namespace --wait")).ShouldSucceed();

        var failed = await clients.RunAsync(
            helm,
            target,
            ["upgrade", "shop", Chart, "-n", ns, "--set", "migration=exit 3,greeting=bye", "--timeout", "20s"]
        );

        failed.ShouldFail().Error.ShouldContain("UPGRADE FAILED: pre-upgrade hooks failed");
        (await ReadAsync(target, ns, "configmap/shop-settings", "{.data.greeting}")).ShouldBe("hello");
        (await ReadAsync(target, ns, "job/shop-migrate", "{.status.conditions[1].reason}")).ShouldBe(
            "BackoffLimitExceeded"
        );
        var history = (await Helm(target, helm, $"history shop -n {ns}")).ShouldSucceed().Rows;
        history.Select(row => row[2]).ShouldBe(["STATUS", "deployed", "failed"]);
    }

    [Theory, CombinatorialTargets("helm", "helm3")]
    public async Task What_the_cluster_refuses_fails_an_install(Target target, string helm)
    {
        var ns = $"refused-{helm}";
        (await clients.KubectlAsync(target, $"create namespace {ns}")).ShouldSucceed();
        (await clients.KubectlAsync(target, $"-n {ns} create configmap shop-settings")).ShouldSucceed();

        var failed = await Helm(target, helm, $"install shop {Chart} -n {ns}");

        failed.ShouldFail().Error.ShouldContain("ConfigMap \"shop-settings\"");
        failed.Error.ShouldContain("cannot be imported into the current release");
    }

    private Task<ToolOutcome> Helm(Target target, string helm, string arguments) =>
        clients.RunAsync(helm, target, arguments.Split(' '));

    private async Task<string> ReadAsync(Target target, string ns, string name, string path) =>
        (await clients.KubectlAsync(target, $"-n {ns} get {name} -o jsonpath={path}")).ShouldSucceed().Out;
}
