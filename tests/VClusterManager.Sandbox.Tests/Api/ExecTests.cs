using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class ExecTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_command_answers_on_its_channels_and_says_how_it_ended()
    {
        using var socket = await ExecAsync("answers", "command=echo&command=hello&stdout=true");

        (await NextAsync(socket)).ShouldBe((1, ""));
        (await NextAsync(socket)).ShouldBe((1, "hello\n"));
        var (channel, status) = await NextAsync(socket);
        channel.ShouldBe(3);
        JsonNode.Parse(status).Text("status").ShouldBe("Success");
        await CloseAsync(socket);
    }

    [Fact]
    public async Task What_is_typed_reaches_the_shell_and_its_exit_code_comes_back()
    {
        using var socket = await ExecAsync("shell", "command=sh&stdin=true&stdout=true");

        (await NextAsync(socket)).ShouldBe((1, ""));
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("\0hostname\nexit 3\n"),
            WebSocketMessageType.Binary,
            true,
            default
        );

        (await NextAsync(socket)).ShouldBe((1, "p\n"));
        var (_, status) = await NextAsync(socket);
        JsonNode.Parse(status).Text("reason").ShouldBe("NonZeroExitCode");
        JsonNode.Parse(status).Text("details", "causes", "0", "message").ShouldBe("3");
        await CloseAsync(socket);
    }

    [Fact]
    public async Task At_a_terminal_what_is_typed_is_echoed_and_can_be_taken_back()
    {
        using var socket = await ExecAsync("terminal", "command=sh&stdin=true&stdout=true&tty=true");
        await SendAsync(socket, "\0echo ax\u007fb\r");
        await SendAsync(socket, "\0\u0004");

        var shown = new StringBuilder();
        for (var next = await NextAsync(socket); next.Channel == 1; next = await NextAsync(socket))
        {
            shown.Append(next.Text);
        }

        shown.ToString().ShouldContain("echo ax\b \bb\r\n");
        shown.ToString().ShouldContain("ab\r\n");
        await CloseAsync(socket);
    }

    [Theory]
    [InlineData("command=ls", "you must specify at least 1 of stdin, stdout, stderr")]
    [InlineData("stdout=true", "you must specify at least 1 command")]
    [InlineData("command=ls&tty=true&stdout=true&stderr=true", "tty and stderr cannot both be true")]
    [InlineData("command=ls&stdout=true&container=x", "container x is not valid for pod p")]
    [InlineData("command=ls&stdout=true", "Upgrade request required")]
    public async Task What_is_wrong_with_a_request_is_refused_before_the_upgrade(string query, string message)
    {
        var path = await PodAsync("refused");
        (await sandbox.Admin.GetJsonAsync($"{path}/exec?{query}")).Text("message").ShouldBe(message);
    }

    private async Task<ClientWebSocket> ExecAsync(string ns, string query)
    {
        var path = await PodAsync(ns);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {sandbox.Host.AdminToken}");
        var address = new UriBuilder(sandbox.Host.Url)
        {
            Scheme = "wss",
            Path = $"{path}/exec",
            Query = query,
        };
        await socket.ConnectAsync(address.Uri, sandbox.AdminInvoker(), default);
        return socket;
    }

    private async Task<string> PodAsync(string ns)
    {
        var path = $"/api/v1/namespaces/{ns}/pods";
        await sandbox.CreateNamespaceAsync(ns);
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""
        );
        await SandboxHost.EventuallyAsync(sandbox.Admin, $"{path}/p", pod => pod.Text("status", "phase") == "Running");
        return $"{path}/p";
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Binary, true, default);

    private static async Task<(int Channel, string Text)> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket
            .ReceiveAsync(buffer.AsMemory(), default)
            .AsTask()
            .WaitAsync(Patience, TimeProvider.System);
        return (buffer[0], Encoding.UTF8.GetString(buffer, 1, received.Count - 1));
    }

    private static async Task CloseAsync(ClientWebSocket socket)
    {
        var received = await socket.ReceiveAsync(new byte[16].AsMemory(), default);
        received.MessageType.ShouldBe(WebSocketMessageType.Close);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }
}
