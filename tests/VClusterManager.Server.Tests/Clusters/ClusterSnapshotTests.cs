using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class ClusterSnapshotTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_and_its_operation_are_read_as_they_were_at_one_moment()
    {
        var row = Rows.Cluster();
        var operation = Rows.Operation(row);
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(row, operation);
                return Task.CompletedTask;
            },
            Cancellation
        );
        await SetAsync(row, operation, isRunning: false);
        var changes = Task.Run(
            async () =>
            {
                for (var i = 0; i < 400; i++)
                {
                    await SetAsync(row, operation, isRunning: i % 2 == 0);
                }
            },
            Cancellation
        );

        var reads = 0;
        for (; !changes.IsCompleted; reads++)
        {
            var seen = await database.Stores.ReadAsync(store =>
                ClusterSnapshot.ReadAsync(store, store.Clusters.Where(c => c.Id == row.Id), Cancellation)
            );
            seen[0].HasActiveOperation.ShouldBe(seen[0].Row.Phase == ClusterPhase.Provisioning, $"read {reads}");
        }

        await changes;
        reads.ShouldBeGreaterThan(50);
    }

    private Task SetAsync(ClusterRow row, OperationRow operation, bool isRunning) =>
        database.Stores.TransactAsync(
            async store =>
            {
                var phase = isRunning ? ClusterPhase.Running : ClusterPhase.Provisioning;
                var state = isRunning ? OperationState.Succeeded : OperationState.Running;
                await store
                    .Clusters.Where(c => c.Id == row.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.Phase, phase), Cancellation);
                await store
                    .Operations.Where(o => o.Id == operation.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, state), Cancellation);
            },
            Cancellation
        );
}
