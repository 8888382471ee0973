using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Access;

/// <summary>Real clients in a cluster through the manager's proxy, over TLS, with the kubeconfig that it hands out.</summary>
public sealed partial class KubectlThroughProxyTests(KubectlThroughProxyTests.Inside inside)
    : IClassFixture<KubectlThroughProxyTests.Inside>
{
    /// <summary>A sandbox with one cluster, and the real clients in it.</summary>
    public sealed class Inside : IAsyncLifetime
    {
        private SandboxProcess? _sandbox;

        public string Kubeconfig { get; private set; } = "";

        public SandboxProcess Sandbox => _sandbox!;

        public async ValueTask InitializeAsync()
        {
            _sandbox = await SandboxProcess.StartAsync("--ready-delay", "200ms");
            using var http = new HttpClient { BaseAddress = _sandbox.State.Url };
            http.DefaultRequestHeaders.Add("X-API-Key", _sandbox.State.AdminKey);
            using var body = new StringContent("""{"name":"demo"}""", null, "application/json");
            using var made = await http.PostAsync(new Uri("/api/clusters?wait=60", UriKind.Relative), body);
            made.EnsureSuccessStatusCode();
            Kubeconfig = Path.Combine(_sandbox.Folder, "inside.yaml");
            var path = new Uri("/api/clusters/demo/kubeconfig", UriKind.Relative);
            await File.WriteAllTextAsync(Kubeconfig, await http.GetStringAsync(path));
        }

        public ValueTask DisposeAsync() => _sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;

        /// <summary>
        /// As somebody types it in a shell whose KUBECONFIG is the cluster's. What goes on until it is ended takes the
        /// place of the shell, so that it hears of its end.
        /// </summary>
        internal ChildProcess Start(string line) =>
            ChildProcess.Start(
                "/bin/sh",
                ["-c", line],
                _sandbox!.Folder,
                new Dictionary<string, string>
                {
                    ["HOME"] = _sandbox.Folder,
                    ["KUBECONFIG"] = Kubeconfig,
                    ["PATH"] =
                        $"{Path.GetDirectoryName(BuildPaths.Cli)}:{Path.GetDirectoryName(BuildPaths.Kubectl)}:{Path.GetDirectoryName(BuildPaths.Helm)}:/usr/local/bin:/usr/bin:/bin",
                }
            );

        /// <summary>What the manager answers to its admin.</summary>
        internal async Task<string> AskAsync(HttpMethod method, string path, string? body = null)
        {
            using var http = new HttpClient { BaseAddress = _sandbox!.State.Url };
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            request.Headers.Add("X-API-Key", _sandbox.State.AdminKey);
            request.Content = body is null ? null : new StringContent(body, null, "application/json");
            using var answer = await http.SendAsync(request);
            return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        internal async Task<string> RunAsync(string line)
        {
            await using var run = Start(line);
            return await run.EndAsync(Eventually.Patience) == 0
                ? run.StandardOutput.Trim()
                : throw new InvalidOperationException($"{line} failed:\n{run.Output}");
        }

        /// <summary>A pod that runs.</summary>
        internal async Task<string> PodAsync(string name)
        {
            await RunAsync($"kubectl run {name} --image=web");
            await RunAsync($"kubectl wait --for=condition=Ready pod/{name} --timeout=60s");
            return name;
        }
    }

    [Fact]
    public async Task A_cluster_that_sleeps_is_woken_by_a_plain_kubectl()
    {
        await inside.AskAsync(HttpMethod.Post, "/api/clusters?wait=60", """{"name":"sleepy"}""");
        var kubeconfig = await inside.AskAsync(HttpMethod.Get, "/api/clusters/sleepy/kubeconfig");
        var file = Path.Combine(inside.Sandbox.Folder, "sleepy.yaml");
        await File.WriteAllTextAsync(file, kubeconfig, TestContext.Current.CancellationToken);
        await inside.AskAsync(HttpMethod.Post, "/api/clusters/sleepy/pause?wait=60");
        (await inside.AskAsync(HttpMethod.Get, "/api/clusters/sleepy")).ShouldContain("\"status\":\"Sleeping\"");

        (await inside.RunAsync($"KUBECONFIG={file} kubectl get ns")).ShouldContain("kube-system");

        (await inside.AskAsync(HttpMethod.Get, "/api/clusters/sleepy")).ShouldContain("\"status\":\"Running\"");
        await inside.AskAsync(HttpMethod.Delete, "/api/clusters/sleepy?wait=60");
    }

    [Fact]
    public async Task One_asks_who_one_is_what_one_may_do_and_what_there_is()
    {
        (await inside.RunAsync("kubectl auth whoami -o json")).ShouldContain("api_key/admin");
        (await inside.RunAsync("kubectl auth can-i '*' '*' --all-namespaces")).ShouldBe("yes");
        (await inside.RunAsync("kubectl api-resources")).ShouldContain("deployments");
        (await inside.RunAsync("kubectl version")).ShouldContain("Server Version");
    }

    [Fact]
    public async Task Objects_are_applied_changed_watched_and_deleted()
    {
        await inside.RunAsync("kubectl create configmap applied --from-literal=a=1");
        const string manifest = "kubectl create configmap applied --from-literal=a=2 --dry-run=client -o yaml";
        await inside.RunAsync($"{manifest} | kubectl apply --server-side --force-conflicts -f -");
        (await inside.RunAsync("kubectl get configmap applied -o jsonpath='{.data.a}'")).ShouldBe("2");
        await inside.RunAsync("kubectl patch configmap applied -p '{\"data\":{\"b\":\"3\"}}'");
        await using var follow = inside.Start("exec kubectl get configmaps -w --output-watch-events");
        await Eventually.HoldsAsync(
            "the watch lists",
            () => follow.StandardOutput.Contains("applied", StringComparison.Ordinal)
        );
        await inside.RunAsync("kubectl delete configmap applied");
        await Eventually.HoldsAsync(
            "the watch tells of the delete",
            () => DeletedLine().IsMatch(follow.StandardOutput)
        );
    }

    [Fact]
    public async Task Commands_run_inside_a_pod_with_input_and_with_a_terminal()
    {
        var pod = await inside.PodAsync("commanded");

        (await inside.RunAsync($"kubectl exec {pod} -- echo hello")).ShouldBe("hello");
        (await inside.RunAsync($"echo typed | kubectl exec -i {pod} -- cat")).ShouldBe("typed");
        (
            await inside.RunAsync($"script -qec \"kubectl exec -it {pod} -- sh -c 'echo at a terminal'\" /dev/null")
        ).ShouldContain("at a terminal");
        await Should.ThrowAsync<InvalidOperationException>(() =>
            inside.RunAsync($"kubectl exec {pod} -- sh -c 'exit 3'")
        );
    }

    [Fact]
    public async Task Files_are_copied_both_ways()
    {
        var pod = await inside.PodAsync("copied");
        var there = Path.Combine(inside.Sandbox.Folder, "there");
        var back = Path.Combine(inside.Sandbox.Folder, "back");
        var content = string.Concat(Enumerable.Range(0, 50_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        await File.WriteAllTextAsync(there, content);

        await inside.RunAsync($"kubectl cp {there} {pod}:/tmp/file");
        await inside.RunAsync($"kubectl cp {pod}:/tmp/file {back}");

        (await File.ReadAllTextAsync(back)).ShouldBe(content);
    }

    [Fact]
    public async Task A_port_is_forwarded_and_the_log_followed()
    {
        var pod = await inside.PodAsync("forwarded");
        await using var log = inside.Start($"exec kubectl logs -f {pod}");
        await using var forward = inside.Start($"exec kubectl port-forward pod/{pod} :80 --address 127.0.0.1");
        await Eventually.HoldsAsync("a port is open", () => Port().IsMatch(forward.StandardOutput));
        var port = Port().Match(forward.StandardOutput).Groups["port"].Value;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        (await http.GetStringAsync(new Uri("/through-all-of-it", UriKind.Relative))).ShouldStartWith(
            $"This is pod {pod}"
        );

        await Eventually.HoldsAsync(
            "the log tells of the request",
            () => log.StandardOutput.Contains("GET /through-all-of-it", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Helm_installs_upgrades_and_uninstalls()
    {
        var chart = Path.Combine(AppContext.BaseDirectory, "Chart");

        await inside.RunAsync($"helm install shop {chart} -n shop --create-namespace --wait --timeout 60s");
        await inside.RunAsync($"helm upgrade shop {chart} -n shop --set replicas=2 --wait --timeout 60s");
        var list = JsonNode.Parse(await inside.RunAsync("helm list -n shop -o json"))!.AsArray();
        ((string?)list.ShouldHaveSingleItem()!["status"]).ShouldBe("deployed");
        (
            await inside.RunAsync("kubectl -n shop get deployments -o jsonpath='{.items[0].status.readyReplicas}'")
        ).ShouldBe("2");
        await inside.RunAsync("helm uninstall shop -n shop --wait");

        // It was all in there: the host knows nothing of it.
        (await inside.Sandbox.Host.RunAsync("get", "namespaces", "-o", "name")).ShouldNotContain("namespace/shop");
    }

    [Fact]
    public async Task A_kubeconfig_without_a_secret_asks_vcm_for_a_token_and_uses_it_again()
    {
        using var http = new HttpClient { BaseAddress = inside.Sandbox.State.Url };
        http.DefaultRequestHeaders.Add("X-API-Key", inside.Sandbox.State.AdminKey);
        var file = Path.Combine(inside.Sandbox.Folder, "exec.yaml");
        var text = await http.GetStringAsync(new Uri("/api/clusters/demo/kubeconfig?form=exec", UriKind.Relative));
        text.ShouldNotContain("vcmc_");
        await File.WriteAllTextAsync(file, text);
        var authority = Path.Combine(Path.GetDirectoryName(inside.Sandbox.State.Config)!, "ca.crt");
        var environment = $"SSL_CERT_FILE={authority} VCM_API_KEY={inside.Sandbox.State.AdminKey}";

        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            inside.RunAsync($"SSL_CERT_FILE={authority} kubectl --kubeconfig {file} get namespaces")
        );
        failure.Message.ShouldContain("Set VCM_API_KEY");
        var before = await CountTokensAsync(http);
        for (var i = 0; i < 2; i++)
        {
            (await inside.RunAsync($"{environment} kubectl --kubeconfig {file} get namespaces")).ShouldContain(
                "kube-system"
            );
        }

        (await CountTokensAsync(http) - before).ShouldBe(1);
        var kept = Directory
            .GetFiles(Path.Combine(inside.Sandbox.Folder, ".cache", "vcm", "tokens"))
            .ShouldHaveSingleItem();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static async Task<int> CountTokensAsync(HttpClient http) =>
        (int)
            JsonNode.Parse(await http.GetStringAsync(new Uri("/api/clusters/demo/tokens", UriKind.Relative)))![
                "total"
            ]!;

    [Fact]
    public async Task A_token_that_was_taken_away_opens_nothing()
    {
        using var http = new HttpClient { BaseAddress = inside.Sandbox.State.Url };
        http.DefaultRequestHeaders.Add("X-API-Key", inside.Sandbox.State.AdminKey);
        var tokens = new Uri("/api/clusters/demo/tokens", UriKind.Relative);
        using var body = new StringContent("{}", null, "application/json");
        using var made = await http.PostAsync(tokens, body);
        var token = JsonNode.Parse(await made.Content.ReadAsStringAsync())!;
        var line = $"kubectl --token={token["token"]} get namespaces";
        await inside.RunAsync(line);

        using var gone = await http.DeleteAsync(new Uri($"{tokens}/{token["id"]}", UriKind.Relative));
        gone.EnsureSuccessStatusCode();

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => inside.RunAsync(line));
        failure.Message.ShouldContain("You must be logged in to the server");
    }

    [GeneratedRegex(@"DELETED\s+applied", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DeletedLine();

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Port();
}
