using System.Net.Http.Json;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.Seeding;
using VClusterManager.Bench.World;
using VClusterManager.Contracts;

namespace VClusterManager.Bench.Figures;

/// <summary>How exactly clusters end.</summary>
internal sealed class ExpiryFigure : IFigure
{
    public string Name => "expiry";

    public string Question => "How long after its end does the delete of a cluster begin?";

    public string Method =>
        "1,000 clusters that run, in the database and on an emulated host, whose ends are spread over a minute; the deletes "
        + "go on meanwhile, four at a time. Taken is the time from the end of each to its delete operation. Beside it: how "
        + "late a bare timer for the same moment is in another process on the same machine.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var count = workshop.Options.Pick(1_000, 20);
        var sandbox = await workshop.StartSandboxAsync("0ms");
        var manager = workshop.Keep(workshop.CreateManager(sandbox));
        // By then all is seeded, and the server is ready.
        var first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(workshop.Options.Pick(240, 90));
        var spread = TimeSpan.FromSeconds(workshop.Options.Pick(60, 4)) / count;
        var rows = await SeededClusters.MakeAsync(sandbox, manager.Options(), count, i => first + (i * spread));
        await manager.StartAsync();
        if (TimeProvider.System.GetUtcNow() >= first)
        {
            throw new BenchException("The first cluster has ended before the server was ready: seeding took too long.");
        }

        var timers = Task.WhenAll(rows.Select(row => LatenessAsync(row.ExpiresAt!.Value)));
        using var http = manager.Client();
        var deletes = new Dictionary<string, DateTimeOffset>();
        await Clock.UntilAsync(
            $"{count} deletes have begun",
            every: 1_000,
            async () =>
            {
                await TakeAsync(http, deletes);
                return deletes.Count == count;
            }
        );

        var pairs = new Pairs();
        var late = await timers;
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            pairs.Add((deletes[row.Name] - row.ExpiresAt!.Value).TotalMilliseconds, late[i]);
        }

        return
        [
            pairs.Measured("from the end to its delete, p50", 0.5),
            pairs.Measured("from the end to its delete, p99", 0.99, Bound.AtMost(2_000, "ms")),
        ];
    }

    private static async Task<double> LatenessAsync(DateTimeOffset moment)
    {
        var time = TimeProvider.System;
        // A timer goes by another clock than the one that tells the time, and may be early by it: then it waits again.
        while (moment - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time);
        }

        return (time.GetUtcNow() - moment).TotalMilliseconds;
    }

    /// <summary>The newest come first: it is enough to read on until one is known.</summary>
    private static async Task TakeAsync(HttpClient http, Dictionary<string, DateTimeOffset> deletes)
    {
        for (string? cursor = ""; cursor is not null; )
        {
            var page = await http.GetFromJsonAsync<OperationList>(
                $"/api/operations?limit=500{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}",
                BenchJson.Options
            );
            var isNews = true;
            foreach (var operation in page!.Operations.Where(o => o.Kind == OperationKind.Delete))
            {
                isNews &= deletes.TryAdd(operation.Cluster, operation.Created);
            }

            cursor = isNews ? page.NextCursor : null;
        }
    }
}
