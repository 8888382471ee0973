using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.VirtualClusters;

public sealed class VirtualClusterTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task Its_kubeconfig_leads_into_a_cluster_of_its_own()
    {
        await sandbox.InstallAsync("own", "demo", "v1.34.2");
        using var inside = SandboxHost.ClientFor(await sandbox.KubeconfigAsync("own", "demo"));

        (await inside.GetJsonAsync("/version")).Text("gitVersion").ShouldBe("v1.34.2");
        (await inside.GetJsonAsync("/api/v1/nodes"))["items"]!.AsArray().Count.ShouldBe(1);
        (await inside.GetJsonAsync("/api/v1/namespaces/own")).Text("code").ShouldBe("404");
        await SandboxHost.EventuallyAsync(
            inside,
            "/apis/apps/v1/namespaces/kube-system/deployments/coredns",
            dns => dns.Text("status", "readyReplicas") == "1"
        );
    }

    [Fact]
    public async Task Its_secret_is_as_the_syncer_writes_it()
    {
        await sandbox.InstallAsync("secret", "demo");
        await sandbox.KubeconfigAsync("secret", "demo");

        var secret = await Admin.GetJsonAsync("/api/v1/namespaces/secret/secrets/vc-demo");

        secret["data"]!
            .AsObject()
            .Select(data => data.Key)
            .ShouldBe(["certificate-authority", "client-certificate", "client-key", "config", "token"]);
        secret["metadata"]!["labels"]!.ToJsonString().ShouldBe("""{"app":"vcluster","vcluster-name":"demo"}""");
        secret.Text("metadata", "ownerReferences", "0", "kind").ShouldBe("Service");
    }

    [Fact]
    public async Task The_host_and_another_cluster_do_not_let_its_users_in()
    {
        await sandbox.InstallAsync("strangers", "demo");
        await sandbox.InstallAsync("strangers-too", "demo");
        var one = await sandbox.KubeconfigAsync("strangers", "demo");
        var other = await sandbox.KubeconfigAsync("strangers-too", "demo");
        var mixed = Replace(one, other, "certificate-authority-data", "server");

        using var stranger = SandboxHost.ClientFor(mixed);

        (await stranger.GetJsonAsync("/api/v1/namespaces")).Text("code").ShouldBe("401");
    }

    [Fact]
    public async Task Asleep_it_refuses_connections_and_awake_it_is_what_it_was()
    {
        await sandbox.InstallAsync("sleeper", "demo");
        using var inside = SandboxHost.ClientFor(await sandbox.KubeconfigAsync("sleeper", "demo"));
        await inside.PostJsonAsync("/api/v1/namespaces", """{"metadata":{"name":"kept"}}""");

        await sandbox.ScaleAsync("sleeper", "demo", 0);
        await RefusedAsync(inside);
        await sandbox.ScaleAsync("sleeper", "demo", 1);
        await sandbox.KubeconfigAsync("sleeper", "demo");

        (await AnsweredAsync(inside, "/api/v1/namespaces/kept")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_upgrade_changes_its_version_and_keeps_its_objects()
    {
        await sandbox.InstallAsync("upgrade", "demo", "v1.33.4");
        using var inside = SandboxHost.ClientFor(await sandbox.KubeconfigAsync("upgrade", "demo"));
        await inside.PostJsonAsync("/api/v1/namespaces", """{"metadata":{"name":"kept"}}""");

        await sandbox.UpgradeAsync("upgrade", "demo", "v1.34.0");

        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/upgrade/pods/demo-0",
            pod => pod.Text("spec", "initContainers", "0", "image") == "ghcr.io/loft-sh/kubernetes:v1.34.0"
        );
        await sandbox.KubeconfigAsync("upgrade", "demo");
        (await AnsweredAsync(inside, "/api/v1/namespaces/kept")).ShouldBeTrue();
        (await inside.GetJsonAsync("/version")).Text("gitVersion").ShouldBe("v1.34.0");
    }

    [Fact]
    public async Task Its_state_stays_with_its_volume_and_goes_with_it()
    {
        await sandbox.InstallAsync("volume", "demo");
        using var inside = SandboxHost.ClientFor(await sandbox.KubeconfigAsync("volume", "demo"));
        await inside.PostJsonAsync("/api/v1/namespaces", """{"metadata":{"name":"kept"}}""");

        await Admin.DeleteJsonAsync("/apis/apps/v1/namespaces/volume/statefulsets/demo");
        await RefusedAsync(inside);
        await sandbox.InstallAsync("volume", "demo");
        await sandbox.KubeconfigAsync("volume", "demo");
        (await AnsweredAsync(inside, "/api/v1/namespaces/kept")).ShouldBeTrue();

        await Admin.DeleteJsonAsync("/apis/apps/v1/namespaces/volume/statefulsets/demo");
        await Admin.DeleteJsonAsync("/api/v1/namespaces/volume/persistentvolumeclaims/data-demo-0");
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/volume/persistentvolumeclaims/data-demo-0",
            claim => claim.Text("code") == "404"
        );
        await sandbox.InstallAsync("volume", "demo");
        using var fresh = SandboxHost.ClientFor(await FreshKubeconfigAsync(inside.BaseAddress!));
        (await fresh.GetJsonAsync("/api/v1/namespaces/kept")).Text("code").ShouldBe("404");
    }

    [Theory]
    [InlineData("banana")]
    [InlineData("v9.99.9")]
    public async Task A_version_that_was_never_released_cannot_be_pulled(string tag)
    {
        var ns = $"tag-{tag.Replace(".", "", StringComparison.Ordinal)}";
        await sandbox.InstallAsync(ns, "demo", tag);

        var pod = await SandboxHost.EventuallyAsync(
            Admin,
            $"/api/v1/namespaces/{ns}/pods/demo-0",
            pod => pod.Text("status", "initContainerStatuses", "0", "state", "waiting", "reason") == "ImagePullBackOff"
        );

        pod.Text("status", "phase").ShouldBe("Pending");
        var events = await Admin.GetJsonAsync(
            $"/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.name%3Ddemo-0"
        );
        var messages = events["items"]!.AsArray().Select(item => item.Text("message")).ToList();
        messages.ShouldContain("Error: ErrImagePull");
        messages.ShouldContain("Error: ImagePullBackOff");
        messages.ShouldContain($"Back-off pulling image \"ghcr.io/loft-sh/kubernetes:{tag}\"");
    }

    [Fact]
    public async Task A_new_kubeconfig_is_written_when_the_secret_is_lost()
    {
        await sandbox.InstallAsync("lost", "demo");
        await sandbox.KubeconfigAsync("lost", "demo");
        await Admin.DeleteJsonAsync("/api/v1/namespaces/lost/secrets/vc-demo");

        using var inside = SandboxHost.ClientFor(await sandbox.KubeconfigAsync("lost", "demo"));
        (await inside.GetJsonAsync("/version")).Text("major").ShouldBe("1");
    }

    private async Task<string> FreshKubeconfigAsync(Uri old)
    {
        await SandboxHost.EventuallyAsync(
            Admin,
            "/apis/apps/v1/namespaces/volume/statefulsets/demo",
            set => set.Text("status", "readyReplicas") == "1"
        );
        var secret = await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/volume/secrets/vc-demo",
            secret => Config(secret) is { } config && !config.Contains($":{old.Port}", StringComparison.Ordinal)
        );
        return Config(secret)!;
    }

    private static string? Config(System.Text.Json.Nodes.JsonObject secret) =>
        secret.Text("data", "config") is { } encoded
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(encoded))
            : null;

    /// <summary>The first kubeconfig with these lines of the second.</summary>
    private static string Replace(string one, string other, params string[] keys)
    {
        var lines = one.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var key = Array.Find(keys, key => lines[i].TrimStart().StartsWith($"{key}:", StringComparison.Ordinal));
            if (key is not null)
            {
                lines[i] = other
                    .Split('\n')
                    .First(line => line.TrimStart().StartsWith($"{key}:", StringComparison.Ordinal));
            }
        }

        return string.Join('\n', lines);
    }

    private static async Task RefusedAsync(HttpClient client)
    {
        for (var i = 0; i < 6_000; i++)
        {
            try
            {
                await client.GetJsonAsync("/version");
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                return;
            }
            catch (HttpRequestException)
            {
                // A connection that was cut: the next is refused.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new TimeoutException("it still answers");
    }

    private static async Task<bool> AnsweredAsync(HttpClient client, string path)
    {
        for (var i = 0; i < 6_000; i++)
        {
            try
            {
                return (await client.GetJsonAsync(path)).Text("code") is null;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        return false;
    }
}
