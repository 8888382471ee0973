using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>What one server commits, the memory of the others follows.</summary>
public sealed class FeedFollowerTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task What_another_server_commits_is_in_memory_soon()
    {
        await using var own = new StoreFactory(database.Options);
        var view = new ClusterView(own);
        using var follower = new FeedFollower(
            own,
            view,
            database.Database,
            TimeProvider.System,
            NullLogger<FeedFollower>.Instance
        );
        var before = await CommitAsync(Rows.Cluster(), ClusterEventKind.Created);
        await follower.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => view.Find(before.Id) is not null);
        var made = await CommitAsync(Rows.Cluster(), ClusterEventKind.Created);
        await Wait.UntilAsync(() => view.Find(made.Id) is not null);
        await ChangeAsync(made.Id, row => row.Phase = ClusterPhase.Running);
        await Wait.UntilAsync(() => view.Find(made.Id)!.Row.Phase == ClusterPhase.Running);
        await ChangeAsync(made.Id, row => row.DeletedAt = Rows.Noon);
        await Wait.UntilAsync(() => view.Find(made.Id) is null);

        view.Find(before.Id).ShouldNotBeNull();
        await follower.StopAsync(CancellationToken.None);
    }

    private async Task<ClusterRow> CommitAsync(ClusterRow row, ClusterEventKind kind)
    {
        await database.Stores.TransactAsync(
            store =>
            {
                store.Clusters.Add(row);
                ClusterFeed.Add(store, new ClusterSnapshot(row, null), kind, [], Rows.Noon);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        return row;
    }

    private Task ChangeAsync(Guid id, Action<ClusterRow> change) =>
        database.Stores.TransactAsync(
            async store =>
            {
                var row = await store.Clusters.SingleAsync(c => c.Id == id);
                change(row);
                ClusterFeed.Add(store, new ClusterSnapshot(row, null), ClusterEventKind.Changed, [], Rows.Noon);
            },
            CancellationToken.None
        );
}
