using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

/// <summary>Port forwarding over the plain channels of a WebSocket.</summary>
public sealed class PortForwardTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Each_channel_tells_its_port_and_then_carries_the_connection()
    {
        using var socket = await ForwardAsync("carried", "ports=80");
        (await NextAsync(socket)).ShouldBe((0, Port(80)));
        (await NextAsync(socket)).ShouldBe((1, Port(80)));

        await SendAsync(socket, "\0GET /there HTTP/1.1\r\nHost: p\r\n\r\n");

        var (channel, page) = await NextAsync(socket);
        channel.ShouldBe(0);
        page.ShouldContain("200 OK");
    }

    [Fact]
    public async Task A_port_where_no_one_listens_is_told_on_its_second_channel_and_the_other_goes_on()
    {
        using var socket = await ForwardAsync("refused", "ports=81&ports=80");
        List<(int Channel, string Text)> heads = [];
        while (heads.Count < 5)
        {
            heads.Add(await NextAsync(socket));
        }

        heads.ShouldContain((2, Port(80)));
        heads.Where(h => h.Channel == 1).Last().Text.ShouldContain("81: connect: connection refused");
        await SendAsync(socket, "\u0002GET /there HTTP/1.1\r\nHost: p\r\n\r\n");
        (await NextAsync(socket)).Channel.ShouldBe(2);
    }

    [Theory]
    [InlineData("", "query parameter \"ports\" is required")]
    [InlineData("ports=http", "invalid port \"http\"")]
    [InlineData("ports=0", "invalid port \"0\"")]
    public async Task Ports_are_numbers(string query, string message)
    {
        var failure = await Should.ThrowAsync<WebSocketException>(() => ForwardAsync("numbers", query));

        failure.Message.ShouldContain("400", customMessage: message);
    }

    private async Task<ClientWebSocket> ForwardAsync(string ns, string query)
    {
        await sandbox.CreateNamespaceAsync(ns);
        var path = $"/api/v1/namespaces/{ns}/pods";
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""
        );
        await SandboxHost.EventuallyAsync(sandbox.Admin, $"{path}/p", pod => pod.Text("status", "phase") == "Running");
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {sandbox.Host.AdminToken}");
        var address = new UriBuilder(sandbox.Host.Url)
        {
            Scheme = "wss",
            Path = $"{path}/p/portforward",
            Query = query,
        };
        await socket.ConnectAsync(address.Uri, sandbox.AdminInvoker(), default);
        return socket;
    }

    private static string Port(int number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)number);
        return Encoding.Latin1.GetString(bytes);
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.Latin1.GetBytes(text), WebSocketMessageType.Binary, true, default);

    private static async Task<(int Channel, string Text)> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket
            .ReceiveAsync(buffer.AsMemory(), default)
            .AsTask()
            .WaitAsync(Patience, TimeProvider.System);
        received.EndOfMessage.ShouldBeTrue();
        return (buffer[0], Encoding.Latin1.GetString(buffer, 1, received.Count - 1));
    }
}
