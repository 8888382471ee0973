using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;

namespace VClusterManager.Bench.Figures;

/// <summary>What it costs to find out who is calling.</summary>
internal sealed class AuthFigure : IFigure
{
    public string Name => "auth";

    public string Question => "What does it cost to find out who is calling?";

    public string Method =>
        "`GET /api/info` with an API key that was made over the API, beside the same request without one (the answer "
        + "then says less of the tools); `wrk`, 2 threads, 32 connections, in turns. And, inside one process, the check "
        + "of a key among 2,000 others, beside the SHA-256 of the same key alone: the mean of 10,000 at a time.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync("0ms");
        var manager = await workshop.StartManagerAsync(sandbox);
        using var http = manager.Client();
        using var made = await http.PostAsJsonAsync("/api/keys", new { name = "measured", role = "viewer" });
        var answer = await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        var key = (string)answer!["key"]!;

        Uri info = new(manager.Url, "/api/info");
        var rate = await Rates.AlternateAsync(
            workshop,
            "`GET /api/info` with a key, beside without",
            seconds => Wrk.RunAsync(info, seconds, workshop.Folder, headers: ("X-API-Key", key)),
            seconds => Wrk.RunAsync(info, seconds, workshop.Folder),
            Bound.RatioAtLeast(0.85)
        );
        return [rate, CheckOf(key, manager.Options(), workshop.Options.Pick(50, 2))];
    }

    private static Measurement CheckOf(string key, ManagerOptions options, int rounds)
    {
        using StoreFactory stores = new(options.Database);
        KnownKeys keys = new(new KeyOwners(options.Auth), stores, TimeProvider.System);
        keys.Take([.. Enumerable.Range(0, 2_000).Select(_ => Row(KeyText.New())), Row(key)]);
        Pairs pairs = new();
        for (var round = 0; round < rounds; round++)
        {
            pairs.Add(MeanOf(() => keys.Check(key)), MeanOf(() => KeyText.HashOf(key)));
        }

        return pairs.Measured("the check of a key", 0.5, Bound.AtMost(20, "µs"), Unit.Microseconds);
    }

    private static double MeanOf<T>(Func<T> work)
    {
        const int Times = 10_000;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
        {
            work();
        }

        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / Times;
    }

    private static ApiKeyRow Row(string key)
    {
        var id = Guid.NewGuid();
        return new ApiKeyRow
        {
            Id = id,
            Name = $"k{id:N}",
            Hash = Convert.ToHexStringLower(KeyText.HashOf(key)),
            Hint = KeyText.HintOf(key),
            Role = Role.Viewer,
            Identity = KeyOwners.AloneOf(id),
            CreatedBy = "bench",
            Limits = null,
            CreatedAt = TimeProvider.System.GetUtcNow(),
            ExpiresAt = null,
        };
    }
}
