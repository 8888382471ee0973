using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace VClusterManager.Sandbox.Tests.Clients;

public sealed partial class KubectlPodTests(ClientSandbox clients) : IClassFixture<ClientSandbox>
{
    [Theory, CombinatorialTargets]
    public async Task Exec_runs_a_command_and_brings_back_what_it_left(Target target)
    {
        var pod = await clients.DeployAsync(target, "exec");
        (await Kubectl(target, $"-n exec exec {pod} -- hostname")).ShouldSucceed().Out.ShouldBe($"{pod}\n");
        var script = await RunAsync(
            target,
            "-n",
            "exec",
            "exec",
            pod,
            "--",
            "sh",
            "-c",
            "echo out; echo err >&2; exit 7"
        );
        script.ShouldFail(7).Out.ShouldBe("out\n");
        script.Error.ShouldBe("err\ncommand terminated with exit code 7\n");
        (await Kubectl(target, $"-n exec exec -i {pod} -- cat", "typed\n")).ShouldSucceed().Out.ShouldBe("typed\n");
        var unknown = (await Kubectl(target, $"-n exec exec {pod} -- nosuch")).ShouldFail();
        unknown.Error.ShouldContain("exec: \"nosuch\": executable file not found in $PATH");
        var missing = (await Kubectl(target, "-n exec exec nosuch -- ls")).ShouldFail();
        missing.Error.ShouldBe("Error from server (NotFound): pods \"nosuch\" not found\n");
    }

    [Theory, CombinatorialTargets]
    public async Task Cp_brings_files_in_and_out(Target target)
    {
        var pod = await clients.DeployAsync(target, "copied");
        var folder = clients.Folder($"cp-{target}");
        Directory.CreateDirectory(Path.Combine(folder, "in", "sub"));
        await File.WriteAllTextAsync(Path.Combine(folder, "in", "a.txt"), "one");
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        await File.WriteAllBytesAsync(Path.Combine(folder, "in", "sub", "large"), large);

        (await Kubectl(target, $"-n copied cp {folder}/in {pod}:/tmp/in")).ShouldSucceed();
        (await Kubectl(target, $"-n copied exec {pod} -- cat /tmp/in/a.txt")).ShouldSucceed().Out.ShouldBe("one");
        (await Kubectl(target, $"-n copied cp {pod}:/tmp/in {folder}/out")).ShouldSucceed();

        (await File.ReadAllTextAsync(Path.Combine(folder, "out", "a.txt"))).ShouldBe("one");
        (await File.ReadAllBytesAsync(Path.Combine(folder, "out", "sub", "large"))).ShouldBe(large);
        var missing = (await Kubectl(target, $"-n copied cp {pod}:/nosuch {folder}/none")).ShouldFail(2);
        missing.Out.ShouldContain("tar: /nosuch: Cannot stat: No such file or directory");
    }

    [Theory, CombinatorialTargets]
    public async Task A_forwarded_port_leads_to_the_pod(Target target)
    {
        var pod = await clients.DeployAsync(target, "forwarded");
        await using var forward = clients.Start(
            "kubectl",
            target,
            ["-n", "forwarded", "port-forward", "service/web", ":80", "--address", "127.0.0.1"]
        );
        var line = await forward.Out.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
        var port = ForwardedPort().Match(line!).Groups["port"].Value;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => http.GetStringAsync($"/page-{i}")));

        pages[0].ShouldStartWith($"This is pod {pod} in forwarded.");
        pages[4].ShouldContain("GET /page-4 HTTP/1.1");
        using var posted = await http.PostAsync("/large", new ByteArrayContent(new byte[500_000]));
        (await posted.Content.ReadAsStringAsync()).ShouldContain("Content-Length: 500000");
    }

    [Fact]
    public async Task A_forwarded_port_of_a_control_plane_leads_to_its_api()
    {
        await using var forward = clients.Start(
            "kubectl",
            Target.Host,
            ["-n", "vcluster-demo", "port-forward", "pod/demo-0", ":8443", "--address", "127.0.0.1"]
        );
        var line = await forward.Out.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
        var port = ForwardedPort().Match(line!).Groups["port"].Value;

        var version = await clients.KubectlAsync(
            Target.VirtualCluster,
            $"--server=https://127.0.0.1:{port} get namespaces -o name"
        );

        version.ShouldSucceed().Out.ShouldContain("namespace/kube-system");
        version.Out.ShouldNotContain("namespace/vcluster-demo");
    }

    [Theory, CombinatorialTargets]
    public async Task A_port_where_no_one_listens_is_refused(Target target)
    {
        var pod = await clients.DeployAsync(target, "closed");
        await using var forward = clients.Start(
            "kubectl",
            target,
            ["-n", "closed", "port-forward", pod, ":9999", "--address", "127.0.0.1"]
        );
        var line = await forward.Out.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, int.Parse(ForwardedPort().Match(line!).Groups["port"].ValueSpan));

        (await forward.EndAsync()).ShouldFail().Error.ShouldContain("9999: connect: connection refused");
    }

    [Theory, CombinatorialTargets]
    public async Task Logs_are_printed_followed_and_cut(Target target)
    {
        var pod = await clients.DeployAsync(target, "logged");
        const string proxy = "get --raw /api/v1/namespaces/logged/services/web:80/proxy";
        (await Kubectl(target, $"{proxy}/first")).ShouldSucceed();
        await using var follow = clients.Start("kubectl", target, ["-n", "logged", "logs", "-f", "--tail=1", pod]);
        (await NextAsync(follow)).ShouldBe("GET /first HTTP/1.1");
        (await Kubectl(target, $"{proxy}/second")).ShouldSucceed();
        (await NextAsync(follow)).ShouldBe("GET /second HTTP/1.1");

        (await Kubectl(target, $"-n logged logs {pod}"))
            .ShouldSucceed()
            .Out.ShouldBe("listening on port 8080\nGET /first HTTP/1.1\nGET /second HTTP/1.1\n");
        (await Kubectl(target, $"-n logged logs {pod} --since=1h --tail=1 --timestamps"))
            .ShouldSucceed()
            .Out.ShouldMatch(@"^\S+Z GET /second HTTP/1.1\n$");
        var previous = (await Kubectl(target, $"-n logged logs {pod} -p")).ShouldFail();
        previous.Error.ShouldBe(
            $"Error from server (BadRequest): previous terminated container \"web\" in pod \"{pod}\" not found\n"
        );
    }

    [Theory, CombinatorialTargets]
    public async Task Run_waits_for_a_pod_shows_what_it_wrote_and_fails_as_it_does(Target target)
    {
        (await Kubectl(target, "create namespace ran")).ShouldSucceed();
        string[] run =
        [
            "-n",
            "ran",
            "run",
            "once",
            "--image=busybox",
            "--restart=Never",
            "--rm",
            "-i",
            "--quiet",
            "--",
        ];
        (await RunAsync(target, [.. run, "echo", "hello"])).ShouldSucceed().Out.ShouldStartWith("hello\n");
        (await RunAsync(target, [.. run, "sh", "-c", "exit 3"])).ShouldFail(3);
        (await Kubectl(target, "-n ran get pods -o name")).ShouldSucceed().Out.ShouldBe("");
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>\d+) -> ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ForwardedPort();

    private Task<ToolOutcome> Kubectl(Target target, string arguments, string? input = null) =>
        clients.KubectlAsync(target, arguments, input);

    private Task<ToolOutcome> RunAsync(Target target, params string[] arguments) =>
        clients.RunAsync("kubectl", target, arguments);

    private static Task<string?> NextAsync(Tool tool) =>
        tool.Out.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
}
