using System.Globalization;
using System.Net;
using Npgsql;
using Shouldly;
using VClusterManager.Client;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Replicas;

/// <summary>Three servers share a PostgreSQL, which is stopped twice meanwhile.</summary>
public sealed class ReplicaChaosTests(HostFixture fixture) : ChaosTest(fixture)
{
    [Fact]
    public async Task Three_servers_over_PostgreSQL_lose_nothing_and_do_nothing_twice()
    {
        // A database server of its own: it is stopped once in order and once as in a crash.
        await using var postgres = new PostgresServer();
        var database = await postgres.CreateDatabaseAsync();
        var plan = new ChaosPlan("many", 60, 30, TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(3));
        var servers = await StartAsync(3, ("DATABASE_URL", PostgresServer.AddressOf(database)));

        var chaos = await EndureAsync(servers, plan, () => RestartTwiceAsync(postgres, plan.During));

        chaos.Kills.ShouldBeGreaterThanOrEqualTo(20);
        await NoClaimIsStuckAsync(database);
    }

    private static async Task RestartTwiceAsync(PostgresServer postgres, TimeSpan during)
    {
        foreach (var crash in new[] { false, true })
        {
            await Task.Delay(during / 3, TimeProvider.System, TestContext.Current.CancellationToken);
            await postgres.RestartAsync(crash);
        }
    }

    private static async Task NoClaimIsStuckAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Eventually.SeesAsync(
            "no work item is held by a dead server",
            async () =>
            {
                await using var count = new NpgsqlCommand(StuckClaims, connection);
                return (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            },
            stuck => stuck == 0
        );
    }

    // Times are stored as ticks.
    private const string StuckClaims = """
        SELECT count(*) FROM work_items
        WHERE claimed_by IS NOT NULL
            AND claim_until < (extract(epoch FROM now()) * 10000000)::bigint + 621355968000000000
        """;
}

/// <summary>The short form: one server and its file.</summary>
public sealed class SingleServerChaosTests(HostFixture fixture) : ChaosTest(fixture)
{
    [Fact]
    public async Task One_server_with_a_file_loses_nothing_and_does_nothing_twice()
    {
        var plan = new ChaosPlan("one", 12, 6, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(6));

        var chaos = await EndureAsync(await StartAsync(1), plan);

        chaos.Kills.ShouldBeGreaterThanOrEqualTo(4);
    }
}

/// <summary>
/// Servers that are killed all the while: every request that was accepted ends in its right state, and the emulated host's
/// own log of requests shows that nothing was done twice. The seed is printed; set CHAOS_SEED to have the same again.
/// </summary>
public abstract class ChaosTest(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    private const StringComparison Same = StringComparison.Ordinal;
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(4);

    private static readonly int Seed = int.TryParse(
        Environment.GetEnvironmentVariable("CHAOS_SEED"),
        CultureInfo.InvariantCulture,
        out var given
    )
        ? given
        : Random.Shared.Next(100_000);

    private protected async Task<IReadOnlyList<ServerProcess>> StartAsync(int count, params (string, string)[] settings)
    {
        List<ServerProcess> servers = [];
        for (var i = 0; i < count; i++)
        {
            servers.Add(await Fixture.StartServerAsync(settings));
        }
        return servers;
    }

    private protected async Task<Chaos> EndureAsync(
        IReadOnlyList<ServerProcess> servers,
        ChaosPlan plan,
        params IEnumerable<Func<Task>> besides
    )
    {
        Tell($"CHAOS_SEED={Seed}");
        var before = await HostInventory.TakeAsync(Host);
        var chaos = new Chaos(servers, plan, Seed);
        await chaos.RunAsync(besides);

        var gone = chaos.Deleted.ToHashSet();
        var kept = chaos.Created.Where(place => !gone.Contains(place)).ToList();
        var lost = 0;
        foreach (var (place, wanted) in kept.Select(p => (p, "Running")).Concat(gone.Select(p => (p, "NotFound"))))
        {
            lost += await EndsAsync(servers[0], place, wanted) ? 0 : 1;
        }
        var twice = 0;
        foreach (var place in chaos.Created)
        {
            twice += await WasDoneTwiceAsync(place) ? 1 : 0;
        }
        Tell(
            $"accepted {chaos.Created.Count} creates and {gone.Count} deletes, done {chaos.Created.Count + gone.Count - lost}, done twice {twice}, lost {lost}; {chaos.Kills} kills, {chaos.Repeated} requests sent again"
        );
        lost.ShouldBe(0);
        twice.ShouldBe(0);
        await NothingIsLeftOverAsync(before, kept);
        return chaos;
    }

    private static async Task<bool> EndsAsync(ServerProcess server, ClusterPlace place, string wanted)
    {
        var seen = "";
        try
        {
            await Eventually.SeesAsync(
                $"{place.Name} ends as {wanted}",
                async () => seen = await StateAsync(server, place),
                state => state == wanted,
                Settling
            );
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            Tell($"{place.Name} should be {wanted} and is {seen}");
            return false;
        }
    }

    private static async Task<string> StateAsync(ServerProcess server, ClusterPlace place)
    {
        try
        {
            var seen = await server.Api.GetAsync(place.Name, place.Namespace);
            // One that has failed is tried again by whoever asked for it; here it counts as lost.
            return seen.Status == ClusterStatus.Running ? "Running" : $"{seen.Status}: {seen.Message}";
        }
        catch (ProblemException problem)
        {
            return problem.StatusCode == HttpStatusCode.NotFound ? "NotFound" : problem.StatusCode.ToString();
        }
    }

    /// <summary>
    /// Helm writes a secret for every revision before it makes anything: one that is written while the workload is there
    /// is an install or upgrade over an install. A revision after one that had made nothing, or whose workload was taken
    /// away, is a repair.
    /// </summary>
    private async Task<bool> WasDoneTwiceAsync(ClusterPlace place)
    {
        var changes = (await Control.RequestsAsync($"/namespaces/{place.Namespace}/"))
            .Where(r => r.Method is "POST" or "DELETE" && r.Status is 200 or 201)
            .OrderBy(r => r.Time);
        var isThere = false;
        foreach (var change in changes)
        {
            var isWorkload = change.Path.Contains("/statefulsets", Same);
            var begins =
                change.Method == "POST"
                && (
                    isWorkload || (change.Path.EndsWith("/secrets", Same) && change.UserAgent.StartsWith("Helm", Same))
                );
            if (begins && isThere)
            {
                await TellStoryAsync(place);
                return true;
            }
            isThere = isWorkload ? change.Method == "POST" : isThere;
        }
        return false;
    }

    /// <summary>Every change in the namespace, so that one sees who did what twice.</summary>
    private async Task TellStoryAsync(ClusterPlace place)
    {
        var changes = (await Control.RequestsAsync($"/namespaces/{place.Namespace}")).Where(r => r.Method != "GET");
        var lines = changes
            .OrderBy(r => r.Time)
            .Select(r => $"{r.Time:HH:mm:ss.fff} {r.Method} {r.Status} {r.Path} {r.UserAgent.Split(' ')[0]}");
        Tell($"{place.Name} was done twice:\n{string.Join('\n', lines)}");
    }

    /// <summary>Also seen where the output of tests that pass is not shown.</summary>
    private static void Tell(string what)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(what);
        Console.WriteLine(what);
    }

    private async Task NothingIsLeftOverAsync(SortedSet<string> before, IReadOnlyList<ClusterPlace> kept)
    {
        var there = kept.Select(place => place.Namespace).ToHashSet();
        // Volumes do not tell by their names whose they are: each cluster that was kept has one. That of another goes a
        // little after its namespace.
        await Eventually.SeesAsync(
            "nothing else is left on the host",
            async () =>
            {
                var left = (await HostInventory.TakeAsync(Host))
                    .Except(before)
                    .Where(line => !there.Any(ns => line.Contains($" {ns}/", StringComparison.Ordinal)))
                    .Where(line => !there.Any(ns => line.EndsWith($"/{ns}", StringComparison.Ordinal)))
                    .Where(line => !there.Any(ns => line.EndsWith($"-v-{ns}", StringComparison.Ordinal)))
                    .ToLookup(line => line.StartsWith("PersistentVolume ", StringComparison.Ordinal));
                return $"{left[true].Count()} volumes, {string.Join(", ", left[false])}";
            },
            left => left == $"{kept.Count} volumes, "
        );
    }
}
