using System.Net.Sockets;
using System.Text;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

/// <summary>
/// Hostile requests, as bytes on a connection, by somebody who may be in one cluster and not in the one beside it: what is
/// marked there and on the host never comes out.
/// </summary>
public sealed class IsolationTests(IsolationTests.Host host) : IClassFixture<IsolationTests.Host>
{
    private const string Mark = "marked-and-not-yours";
    private const string Mine = "/k8s/vcluster-mine/mine";
    private const string Theirs = "/k8s/vcluster-theirs/theirs";
    private const string Secret = "/api/v1/namespaces/default/configmaps/kept";

    public sealed class Host : ManagerHost
    {
        internal string Token { get; private set; } = "";

        private protected override async Task StartedAsync()
        {
            await Editor.CreateRunningAsync("mine");
            await Editor.CreateRunningAsync("theirs");
            foreach (var (cluster, text) in new[] { (Mine, "mine alone"), (Theirs, Mark) })
            {
                var kept = new
                {
                    apiVersion = "v1",
                    kind = "ConfigMap",
                    metadata = new { name = "kept" },
                    data = new { text },
                };
                (await Editor.PostAsync(cluster + "/api/v1/namespaces/default/configmaps", kept)).ShouldBe(201);
            }

            Token = (await Editor.PostAsync("/api/clusters/mine/tokens")).ShouldBe(201).Json.Text("token");
        }
    }

    [Fact]
    public async Task The_way_that_is_meant_works()
    {
        var answer = await SendAsync($"GET {Mine}{Secret} HTTP/1.1");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("mine alone");
    }

    [Fact]
    public async Task No_target_leads_to_another_cluster_or_to_the_host()
    {
        foreach (var target in Targets().Distinct())
        {
            var answer = await SendAsync($"GET {target} HTTP/1.1");

            answer.ShouldNotContain(Mark, customMessage: target);
            answer.ShouldNotContain("vcluster-theirs\",\"uid", customMessage: target);
            answer.ShouldNotStartWith("HTTP/1.1 5", customMessage: target);
        }
    }

    [Theory]
    [InlineData("Host: theirs.vcluster-theirs.svc")]
    [InlineData("X-Forwarded-Host: theirs.vcluster-theirs.svc")]
    [InlineData("X-Forwarded-Prefix: " + Theirs)]
    [InlineData("X-Original-URL: " + Theirs + Secret)]
    [InlineData("X-Rewrite-URL: " + Theirs + Secret)]
    [InlineData("X-Remote-User: system:admin\r\nX-Remote-Group: system:masters")]
    [InlineData("Connection: close, Authorization, Impersonate-User")]
    [InlineData("Forwarded: host=theirs.vcluster-theirs.svc;proto=https")]
    public async Task No_header_leads_to_another_cluster(string header)
    {
        var answer = await SendAsync($"GET {Mine}{Secret} HTTP/1.1", header);

        answer.ShouldNotContain(Mark);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Content-Length: 5\r\nContent-Length: 50")]
    public async Task A_request_is_not_smuggled_inside_another(string framing)
    {
        var inner = $"0\r\n\r\nGET {Theirs}{Secret} HTTP/1.1\r\nHost: x\r\n\r\n";

        var answer = await SendAsync($"POST {Mine}/api/v1/namespaces/default/configmaps HTTP/1.1", framing, inner);

        answer.ShouldNotContain(Mark);
    }

    private static IEnumerable<string> Targets()
    {
        string[] ups = ["..", "%2e%2e", ".%2e", "%2E.", "%252e%252e", "..;", "%c0%ae%c0%ae", "..%00"];
        string[] slashes = ["/", "//", "%2f", "%2F", "\\", "%5c", "/./", "%252f"];
        foreach (var (up, slash) in ups.SelectMany(up => slashes.Select(slash => (up, slash))))
        {
            var climb = string.Concat(Enumerable.Repeat(slash + up, 2));
            yield return $"{Mine}{climb}{slash}vcluster-theirs{slash}theirs{Secret}";
            yield return $"{Mine}{climb}{climb}{slash}k8s/vcluster-theirs/theirs{Secret}";
            yield return $"{Mine}/api{climb}{Secret}";
            yield return $"/k8s{slash}vcluster-mine{slash}mine{climb}/vcluster-theirs/theirs{Secret}";
        }

        yield return Theirs + Secret;
        yield return $"http://127.0.0.1{Theirs}{Secret}";
        yield return $"https://theirs.vcluster-theirs.svc{Secret}";
        yield return $"{Mine}@theirs.vcluster-theirs.svc{Secret}";
        yield return $"{Mine}:443{Secret}";
        yield return $"{Mine}?/../..{Theirs}{Secret}";
        yield return $"{Mine}#{Theirs}{Secret}";
        yield return $"{Mine}{Secret}/../../../../../../..{Theirs}{Secret}";
        yield return $"/{Theirs}{Secret}";
        yield return $"/K8S/vcluster-theirs/theirs{Secret}";
        yield return $"/k8s/vcluster-theirs/mine{Secret}";
        yield return $"/k8s/vcluster-mine/theirs{Secret}";
        yield return $"{Mine}/api/v1/namespaces/vcluster-theirs/pods/theirs-0/log";
    }

    /// <summary>One request on a connection of its own; whatever comes until it is closed or silent for a moment.</summary>
    private async Task<string> SendAsync(string line, string headers = "", string body = "")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, ManagerHost.Cancellation);
        var hostHeader = headers.StartsWith("Host:", StringComparison.Ordinal) ? "" : "Host: manager.test\r\n";
        var extra = headers.Length > 0 ? headers + "\r\n" : "";
        var close = headers.Contains("Connection:", StringComparison.Ordinal) ? "" : "Connection: close\r\n";
        var request = $"{line}\r\n{hostHeader}{close}Authorization: Bearer {host.Token}\r\n{extra}\r\n{body}";
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), ManagerHost.Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return await reader.ReadToEndAsync(ManagerHost.Cancellation).WaitAsync(Wait.Patience, TimeProvider.System);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
