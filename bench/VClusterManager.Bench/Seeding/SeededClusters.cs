using Microsoft.Extensions.Logging.Abstractions;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Bench.Seeding;

/// <summary>Clusters that look as if they had been made one by one: rows in the database, and objects on the host.</summary>
internal static class SeededClusters
{
    /// <summary>How many of a cluster's objects are made at once.</summary>
    private const int Parallel = 8;

    /// <param name="ends">When each of them ends, by its number; none: in a month.</param>
    public static async Task<IReadOnlyList<ClusterRow>> MakeAsync(
        World.Sandbox sandbox,
        ManagerOptions options,
        int count,
        Func<int, DateTimeOffset>? ends = null
    )
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = Enumerable.Range(0, count).Select(i => Row(i, now - TimeSpan.FromMinutes(count - i))).ToList();
        if (ends is not null)
        {
            rows.ForEach(row => row.EndsAt(ends(rows.IndexOf(row))));
        }

        await StoreAsync(options, rows);
        var host = new SeededHost(sandbox.Host, options);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (row, _) => await host.MakeAsync(row)
        );
        return rows;
    }

    private static ClusterRow Row(int number, DateTimeOffset created) =>
        new()
        {
            Id = Guid.NewGuid(),
            Name = $"seeded-{number:d4}",
            Namespace = $"vcluster-seeded-{number:d4}",
            Phase = ClusterPhase.Running,
            ObservedGeneration = 1,
            Installed = true,
            KubernetesVersion = "1.35",
            KubernetesImageTag = "v1.35.0",
            Labels = new() { ["team"] = $"team-{number % 20}", ["purpose"] = "bench" },
            TtlHours = 24,
            ExpiresAt = created + TimeSpan.FromDays(30),
            Endpoint = $"https://seeded-{number:d4}.vcluster-seeded-{number:d4}.svc",
            CreatedBy = "bench",
            Source = "api",
            CreatedAt = created,
            UpdatedAt = created,
        };

    private static async Task StoreAsync(ManagerOptions options, IReadOnlyList<ClusterRow> rows)
    {
        await using var stores = new StoreFactory(options.Database);
        using var database = new Database(stores, options.Database, TimeProvider.System, NullLogger<Database>.Instance);
        await database.PrepareAsync(CancellationToken.None);
        var queue = new WorkQueue(stores, TimeProvider.System, new WorkSettings());
        var now = TimeProvider.System.GetUtcNow();
        await stores.TransactAsync(
            async store =>
            {
                store.Clusters.AddRange(rows);
                foreach (var row in rows)
                {
                    await queue.EnqueueClockAsync(store, row, options.VCluster.Expiry, now, CancellationToken.None);
                }
            },
            CancellationToken.None
        );
    }
}
