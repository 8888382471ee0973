using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

/// <summary>On SQLite a purge has the file for itself; on PostgreSQL others come in between.</summary>
public sealed class RetentionRaceTests(PostgresDatabase database)
    : StoreFixture(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task What_comes_back_while_it_is_thrown_away_stays()
    {
        var old = Rows.Noon - Retention.History;
        var cluster = Rows.Cluster();
        cluster.DeletedAt = old;
        var pull = new PullRequestRow
        {
            Key = "github:acme/shop#1",
            Provider = "github",
            Repository = "acme/shop",
            Number = 1,
            CreatedAt = old,
            UpdatedAt = old,
        };
        await AddAsync(cluster, pull, Item(cluster.Id.ToString()), Item(pull.Key));
        var retention = new Retention(Database.Stores, Retention.History, Retention.History);
        Task<int>[] purges = [];

        await Database.Stores.TransactAsync(
            async store =>
            {
                // Whoever brings it back holds its work item first: the purges have chosen by then, and wait here.
                await store.WorkItems.ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, Rows.Noon));
                purges =
                [
                    retention.PurgeClustersAsync(Rows.Noon, CancellationToken.None),
                    retention.PurgePullRequestsAsync(Rows.Noon, CancellationToken.None),
                ];
                await Wait.UntilAsync(async () => await WaitingAsync() == purges.Length);
                await store.Clusters.ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.DeletedAt, (DateTimeOffset?)null)
                );
                await store.PullRequests.ExecuteUpdateAsync(set => set.SetProperty(row => row.IsOpen, true));
            },
            CancellationToken.None
        );

        (await Task.WhenAll(purges)).ShouldBe([0, 0]);
        await using var store = Database.Stores.Open();
        (await store.Clusters.CountAsync(), await store.PullRequests.CountAsync()).ShouldBe((1, 1));
        (await store.WorkItems.CountAsync()).ShouldBe(2);
    }

    private static WorkItemRow Item(string key) => new() { Kind = "resting", Key = key };

    // Each time in a transaction of its own: within one, these figures stay as they were first read.
    private Task<int> WaitingAsync() =>
        Database.Stores.ReadAsync(store =>
            store
                .Database.SqlQuery<int>(
                    $"""
                    SELECT count(*)::int AS "Value" FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                )
                .SingleAsync()
        );
}
