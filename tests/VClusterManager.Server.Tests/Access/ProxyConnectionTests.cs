using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;
using static VClusterManager.Server.Tests.Access.ProxyHost;

namespace VClusterManager.Server.Tests.Access;

/// <summary>Connections through the proxy in front of virtual clusters: what goes on, what is large, what ends early.</summary>
public sealed class ProxyConnectionTests(ProxyHost host) : IClassFixture<ProxyHost>
{
    [Fact]
    public async Task A_watch_answers_before_its_first_event_and_passes_each_one_on()
    {
        var none = $"{ConfigMaps}?watch=true&fieldSelector=metadata.name%3Dwatched&resourceVersion=0";
        using var watch = await host.Viewer.OpenAsync(none).WaitAsync(Wait.Patience, TimeProvider.System);
        watch.IsSuccessStatusCode.ShouldBeTrue();
        using var lines = new StreamReader(await watch.Content.ReadAsStreamAsync(ManagerHost.Cancellation));

        (await host.MakeAsync("watched", new { text = "1" })).ShouldBe(201);

        var line = await lines
            .ReadLineAsync(ManagerHost.Cancellation)
            .AsTask()
            .WaitAsync(Wait.Patience, TimeProvider.System);
        JsonNode.Parse(line!).Text("type").ShouldBe("ADDED");
    }

    [Fact]
    public async Task A_body_may_be_larger_than_the_limit_of_our_own_routes()
    {
        var large = new string('x', 1_500_000);

        var made = await host.MakeAsync("large", new { large });

        made.Status.ShouldBe(201, made.Text[..Math.Min(made.Text.Length, 500)]);
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused_and_others_are_not()
    {
        var caller = (await host.Admin.PostAsync("/api/keys", new { name = "streams", role = "viewer" })).ShouldBe(201);
        using var streams = new Caller(host.Address, caller.Json.Text("key"));
        List<HttpResponseMessage> open = [];
        for (var i = 0; i < 3; i++)
        {
            open.Add(await streams.OpenAsync($"{ConfigMaps}?watch=true"));
        }

        var refused = (await streams.GetAsync($"{ConfigMaps}?watch=true")).ShouldBe(429).Json;
        refused.Text("reason").ShouldBe("TooManyRequests");
        refused.Text("message").ShouldContain("3 watches, sessions");
        (await streams.GetAsync(ConfigMaps)).ShouldBe(200);

        open.ForEach(answer => answer.Dispose());
        await Wait.UntilAsync(async () =>
        {
            using var again = await streams.OpenAsync($"{ConfigMaps}?watch=true");
            return again.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task An_answer_before_the_end_of_the_body_leaves_the_connection_as_it_was()
    {
        const string path = In + "/api/v1/namespaces/not-there/configmaps";
        for (var i = 0; i < 40; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host.Address.Host, host.Address.Port, ManagerHost.Cancellation);
            var stream = socket.GetStream();
            var head =
                $"POST {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {ManagerHost.KeyOf("viewer")}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), ManagerHost.Cancellation);
            (await ReadHeadAsync(stream)).ShouldStartWith("HTTP/1.1 403");
            await stream.WriteAsync("{}"u8.ToArray(), ManagerHost.Cancellation);

            var next = $"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(next), ManagerHost.Cancellation);
            using var rest = new StreamReader(stream);
            (await rest.ReadToEndAsync(ManagerHost.Cancellation)).ShouldContain("\"live\"");
        }
    }

    [Fact]
    public async Task A_cluster_that_sends_elsewhere_sends_within_itself()
    {
        await host.PodAsync("sends");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = host.Address,
        };
        http.DefaultRequestHeaders.Add("X-API-Key", ManagerHost.KeyOf("editor"));

        using var sent = await http.GetAsync(
            new Uri(Pods + "/sends/proxy", UriKind.Relative),
            ManagerHost.Cancellation
        );

        ((int)sent.StatusCode).ShouldBe(301);
        sent.Headers.Location!.OriginalString.ShouldBe(Pods + "/sends/proxy/");
    }

    [Fact]
    public async Task A_websocket_is_opened_with_GET()
    {
        var answer = await host.Editor.DeleteAsync(
            ConfigMaps + "/none",
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        );

        answer.ShouldBe(400).Json.Text("message").ShouldBe("A WebSocket is opened with GET.");
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var read = new StringBuilder();
        var one = new byte[1];
        while (!read.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            (await stream.ReadAsync(one, ManagerHost.Cancellation)).ShouldBe(1, read.ToString());
            read.Append((char)one[0]);
        }

        // Its length is known: the rest of the answer is read, too.
        var length = read.ToString()
            .Split('\n')
            .FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        if (length is not null)
        {
            await stream.ReadExactlyAsync(
                new byte[int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture)],
                ManagerHost.Cancellation
            );
        }

        return read.ToString();
    }
}
