using System.Net.Sockets;
using Shouldly;
using VClusterManager.Server.Tests.Processes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Commands that do not end by themselves end all the same, with all that they have started.</summary>
[Collection(nameof(Alone))]
public sealed class BoundedTests(BoundedTests.Host host) : IClassFixture<BoundedTests.Host>
{
    private const string Base = "/api/dynamic";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hang")]
    [InlineData("stubborn")]
    public async Task A_command_that_hangs_or_ignores_SIGTERM_is_stopped_with_its_children(string how)
    {
        var folder = host.NewFolder();

        var answer = await host.Admin.GetAsync($"{Base}/{how}?folder={Uri.EscapeDataString(folder)}");

        answer.ShouldBeProblem(504).Detail.ShouldBe("tool did not end within 4s and was stopped.");
        var pids = await PidsAsync(folder);
        pids.Count.ShouldBe(2);
        await Wait.UntilAsync(() => !pids.Exists(ToolBench.IsRunning));
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("flood")]
    public async Task A_command_that_prints_without_end_is_stopped_at_its_bound(string how)
    {
        var before = GC.GetTotalAllocatedBytes();

        var answer = await host.Admin.GetAsync($"{Base}/{how}");

        answer.ShouldBeProblem(502).Detail.ShouldBe("tool printed more than 1048576 bytes and was stopped.");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(50 * 1024 * 1024);
    }

    [Fact]
    public async Task A_stream_without_end_takes_no_memory_and_ends_with_its_time()
    {
        await using var stream = await host.Admin.StreamAsync($"{Base}/flood-stream");
        const int Look = 10 * 1024 * 1024;
        var buffer = new byte[64 * 1024];
        var (read, most) = (0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Should.ThrowAsync<Exception>(
            async () =>
            {
                int count;
                while ((count = await stream.ReadAsync(buffer, Cancellation)) > 0)
                {
                    read += count;
                    if (read / Look > (read - count) / Look)
                    {
                        most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                    }
                }
            },
            "half an answer must not look like a whole one"
        );

        read.ShouldBeGreaterThan(2 * 1024 * 1024);
        ((most - before) * 4).ShouldBeLessThan(read);
    }

    [Fact]
    public async Task Who_does_not_read_holds_no_command_beyond_its_time()
    {
        using TcpClient client = new();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        await client
            .GetStream()
            .WriteAsync(
                System.Text.Encoding.ASCII.GetBytes(
                    $"GET {Base}/flood-stream HTTP/1.1\r\nHost: x\r\nX-API-Key: {ManagerHost.KeyOf("admin")}\r\n\r\n"
                ),
                Cancellation
            );

        await Wait.UntilAsync(() => Running("yes"));
        await Wait.UntilAsync(() => !Running("yes"));
    }

    [Theory]
    [InlineData("wait-text")]
    [InlineData("wait-cached")]
    [InlineData("wait-stream")]
    public async Task When_the_caller_goes_the_command_ends_with_its_children(string how)
    {
        var folder = host.NewFolder();
        using TcpClient client = new();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        await client
            .GetStream()
            .WriteAsync(
                System.Text.Encoding.ASCII.GetBytes(
                    $"GET {Base}/{how}?folder={Uri.EscapeDataString(folder)} HTTP/1.1\r\nHost: x\r\n"
                        + $"X-API-Key: {ManagerHost.KeyOf("admin")}\r\n\r\n"
                ),
                Cancellation
            );
        await Wait.UntilAsync(() => File.Exists(Path.Combine(folder, "pids")));
        var pids = await PidsAsync(folder);
        pids.ShouldAllBe(id => ToolBench.IsRunning(id));

        client.Close();

        await Wait.UntilAsync(() => !pids.Exists(ToolBench.IsRunning));
    }

    private static async Task<List<int>> PidsAsync(string folder)
    {
        string[] lines = [];
        await Wait.UntilAsync(() => (lines = File.ReadAllLines(Path.Combine(folder, "pids"))).Length == 2);
        return [.. lines.Select(int.Parse)];
    }

    /// <summary>One of the commands of this test, and nobody else's.</summary>
    private static bool Running(string name) =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Any(folder =>
            {
                try
                {
                    return File.ReadAllText(Path.Combine(folder, "cmdline"))
                        .StartsWith(name + "\0xxxx", StringComparison.Ordinal);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    return false;
                }
            });

    public sealed class Host : DynamicHost
    {
        private protected override string Yaml =>
            """
                endpoints:
                  - name: hang
                    description: Hangs.
                    path: /hang
                    command: tool
                    args: [hang, "{folder}"]
                    timeout: 4s
                    parameters: { folder: { required: true } }
                  - name: stubborn
                    description: Does not listen.
                    path: /stubborn
                    command: tool
                    args: [stubborn, "{folder}"]
                    timeout: 4s
                    parameters: { folder: { required: true } }
                  - { name: endless, description: Endless., path: /endless, command: tool, args: [endless] }
                  - { name: flood, description: Endless., path: /flood, command: tool, args: [flood] }
                  - name: flood-stream
                    description: Endless.
                    path: /flood-stream
                    command: tool
                    args: [flood]
                    output: stream
                    timeout: 3s
                  - name: wait-text
                    description: Hangs.
                    path: /wait-text
                    command: tool
                    args: [hang, "{folder}"]
                    parameters: { folder: { required: true } }
                  - name: wait-cached
                    description: Hangs.
                    path: /wait-cached
                    command: tool
                    args: [stubborn, "{folder}"]
                    cache: 5s
                    parameters: { folder: { required: true } }
                  - name: wait-stream
                    description: Hangs.
                    path: /wait-stream
                    command: tool
                    args: [hang, "{folder}"]
                    output: stream
                    parameters: { folder: { required: true } }
                """;
    }
}
