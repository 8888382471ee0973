using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Figures;

/// <summary>How soon a burst of deliveries is answered, and that none that was answered is lost.</summary>
internal sealed class WebhooksFigure : IFigure
{
    private const int Deliveries = 500;
    private const double Seconds = 2;
    private const string Secret = "of-the-bench";

    public string Name => "webhooks";

    public string Question => "How soon is a burst of deliveries answered?";

    public string Method =>
        "500 signed deliveries of GitHub, each of another pull request and of 28 KiB, are sent within 2 s, each at its time "
        + "whether those before it have been answered or not, and timed from there to its answer. On PostgreSQL as it is by "
        + "default. Meanwhile the deliveries are worked: what they tell is learnt, and no rule is about them, so that no "
        + "cluster is made. Beside it: the same to a bare Kestrel. Then the same once more, and the server is killed (-9) at "
        + "a random moment: what was answered must be there, and worked after the next start; else there is no figure.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync("300ms");
        var postgres = workshop.Keep(new Postgres());
        await postgres.StartAsync();
        var manager = workshop.Keep(workshop.CreateManager(sandbox));
        manager.Database = postgres.Url;
        manager.Webhooks =
            $"{{ github: {{ secret: {Secret} }}, rules: [{{ name: nobody, repositories: [nobody/nothing] }}] }}";
        await manager.StartAsync();
        var bare = await workshop.StartBareAsync();
        var pairs = new Pairs();
        var number = 0;
        for (var round = 0; round < workshop.Options.Pick(5, 1); round++)
        {
            var ours = await BurstAsync(manager.Url, ++number);
            var theirs = await BurstAsync(bare.Url, number);
            if (ours.Count < Deliveries)
            {
                throw new BenchException($"only {ours.Count} of {Deliveries} deliveries were answered");
            }

            pairs.AddRange(ours.Values, theirs.Values);
            await WorkedAsync(postgres);
        }

        await KillAsync(manager, postgres, ++number);
        return
        [
            pairs.Measured("an answer to a delivery, p50", 0.5),
            pairs.Measured("an answer to a delivery, p99", 0.99, Bound.AtMost(100, "ms")),
        ];
    }

    private static async Task KillAsync(ManagerServer manager, Postgres postgres, int round)
    {
        var burst = BurstAsync(manager.Url, round);
        await Clock.PauseAsync(RandomNumberGenerator.GetInt32(100, (int)(Seconds * 1000)));
        manager.Process.Kill();
        var answered = await burst;
        await manager.StopAsync();
        await manager.StartAsync();
        var known = await ReadAsync(
            postgres,
            $"SELECT delivery_id FROM webhook_deliveries WHERE delivery_id LIKE '{round}-%'"
        );
        if (answered.Keys.FirstOrDefault(id => !known.Contains(id)) is { } lost)
        {
            throw new BenchException($"delivery {lost} was answered, and is lost");
        }

        await WorkedAsync(postgres);
    }

    /// <summary>Milliseconds by delivery, of those that were answered.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> BurstAsync(Uri server, int round)
    {
        using var http = new HttpClient { BaseAddress = server };
        // Made ready before: it is the server that is measured.
        var bodies = Enumerable.Range(1, Deliveries).Select(number => Body(round, number)).ToList();
        ConcurrentDictionary<string, double> answered = [];
        var began = Clock.Time.GetTimestamp();
        await Task.WhenAll(
            bodies.Select(
                async (body, i) =>
                {
                    var due = 1000 * Seconds * i / Deliveries;
                    await Clock.PauseAsync(Math.Max(0, due - Clock.Since(began)));
                    var sent = Clock.Time.GetTimestamp();
                    if (await IsTakenAsync(http, body, $"{round}-{i}"))
                    {
                        answered[$"{round}-{i}"] = Clock.Since(sent);
                    }
                }
            )
        );
        return answered;
    }

    private static async Task<bool> IsTakenAsync(HttpClient http, byte[] body, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "pull_request");
        request.Headers.Add("X-GitHub-Delivery", id);
        request.Headers.Add(
            "X-Hub-Signature-256",
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body))}"
        );
        try
        {
            using var answer = await http.SendAsync(request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task WorkedAsync(Postgres postgres) =>
        Clock.UntilAsync(
            "all deliveries have been worked",
            every: 100,
            async () =>
                (await ReadAsync(postgres, "SELECT id::text FROM webhook_deliveries WHERE verdict = 'pending'")).Count
                == 0
        );

    private static async Task<HashSet<string>> ReadAsync(Postgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        HashSet<string> found = [];
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>As large as GitHub's.</summary>
    private static byte[] Body(int round, int number)
    {
        JsonObject body = new()
        {
            ["action"] = "opened",
            ["number"] = number,
            ["pull_request"] = new JsonObject
            {
                ["number"] = number,
                ["state"] = "open",
                ["updated_at"] = "2026-03-02T12:00:00Z",
                ["user"] = new JsonObject { ["login"] = "anna" },
                ["head"] = new JsonObject { ["sha"] = $"{number:x40}", ["ref"] = "feature" },
                ["base"] = new JsonObject { ["ref"] = "main" },
                ["body"] = new string('x', 27_500),
            },
            ["repository"] = new JsonObject { ["full_name"] = $"acme/round-{round}" },
        };
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
