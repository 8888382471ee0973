using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.Storage;

/// <summary>Adds, changes and reads rows, each in a transaction of its own.</summary>
public abstract class StoreFixture(TestDatabase database)
{
    private protected TestDatabase Database => database;

    private protected Task AddAsync(params object[] rows) =>
        database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(rows);

                return Task.CompletedTask;
            },
            CancellationToken.None
        );

    private protected Task ChangeAsync(Guid id, Action<ClusterRow> change) =>
        database.Stores.TransactAsync(
            async store => change(await store.Clusters.SingleAsync(c => c.Id == id)),
            CancellationToken.None
        );

    private protected async Task<ClusterRow> ReadAsync(Guid id) =>
        await database.Stores.ReadAsync(store => store.Clusters.AsNoTracking().SingleAsync(c => c.Id == id));
}
