using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Storage;

public sealed class DatabaseFileTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    private const int Kills = 10;

    [Fact]
    public async Task A_second_server_on_the_same_file_refuses_to_start_and_the_first_goes_on()
    {
        var first = await Fixture.StartServerAsync();
        var file = Path.Combine(first.Folder, "data", "vcluster-manager.db");
        File.Exists(file).ShouldBeTrue();

        var second = Fixture.AddServer(("DATABASE_URL", $"sqlite:{file}"));
        var exitCode = await second.Launch().EndAsync(Eventually.Patience);

        exitCode.ShouldNotBe(0);
        second.Output.ShouldContain($"The database file {file} is in use by process");
        second.Output.ShouldContain("use PostgreSQL for several");
        (await first.Api.ListAsync("managed=true")).Total.ShouldBe(0);
        await RunningAsync(first, "undisturbed");
        await first.StopAsync();
    }

    [Fact]
    public async Task A_server_killed_while_it_migrates_starts_afterwards()
    {
        var server = Fixture.AddServer();
        var midway = 0;
        for (var i = 0; i < Kills; i++)
        {
            var process = server.Launch();
            await DiesAsync(server, process, early: i % 2 == 1, after: TimeSpan.FromMilliseconds(7 * i));
            var said = process.Output;
            midway +=
                said.Contains("Migrating the", StringComparison.Ordinal)
                && !said.Contains("is ready", StringComparison.Ordinal)
                    ? 1
                    : 0;
        }

        // A matter of luck: told, not judged.
        TestContext.Current.TestOutputHelper?.WriteLine($"{midway} of {Kills} were killed midway");
        await server.StartAsync();
        (await server.Api.ListAsync("managed=true")).Total.ShouldBe(0);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_read_only_server_answers_reads_refuses_changes_and_does_nothing()
    {
        var server = await Fixture.StartServerAsync();
        var running = await RunningAsync(server, "read");
        var pending = new ClusterPlace("unread");
        await using var slow = await Control.FaultAsync("cli-slow", "60", pending);
        await server.Api.CreateAsync(new ClusterCreate { Name = pending.Name });
        await Control.CliRunsAsync(pending);
        await server.KillAsync();
        await slow.LiftAsync();

        await server.StartAsync(("READ_ONLY", "true"));
        var ran = (await Control.ToolRequestsAsync(pending)).Count;
        await BecomesAsync(server, running, ClusterStatus.Running);
        (await server.Api.ListAsync("managed=true")).Total.ShouldBe(2);
        foreach (var (method, path) in Changes(running))
        {
            var refused = await server.SendAsync(
                method,
                path,
                System.Text.Json.Nodes.JsonNode.Parse("""{"name":"x"}""")
            );
            refused.Status.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable, path);
            refused.Detail.ShouldContain("read-only (server.read_only)");
        }

        // What was accepted waits. Longer than any claim that the dead server may have held.
        await Eventually.AlwaysAsync(
            TimeSpan.FromSeconds(12),
            async () => (await Control.ToolRequestsAsync(pending)).Count.ShouldBe(ran)
        );
        await server.StopAsync();
        await server.StartAsync();
        await BecomesAsync(server, pending, ClusterStatus.Running);
        await server.StopAsync();
    }

    private static (HttpMethod Method, string Path)[] Changes(ClusterPlace cluster) =>
        [
            (HttpMethod.Post, "/api/clusters"),
            (HttpMethod.Patch, $"/api/clusters/{cluster.Name}"),
            (HttpMethod.Delete, $"/api/clusters/{cluster.Name}"),
            (HttpMethod.Post, $"/api/clusters/{cluster.Name}/pause"),
        ];

    /// <summary>Kills it a moment after its database file, or its word about migrating, is there.</summary>
    private static async Task DiesAsync(ServerProcess server, ChildProcess process, bool early, TimeSpan after)
    {
        var file = Path.Combine(server.Folder, "data", "vcluster-manager.db");
        await Eventually.HoldsAsync(
            "the server prepares its database",
            () => process.Output.Contains("Sqlite database", StringComparison.Ordinal) || (early && File.Exists(file))
        );
        await Task.Delay(after, TimeProvider.System, TestContext.Current.CancellationToken);
        await process.KillAsync();
    }
}
