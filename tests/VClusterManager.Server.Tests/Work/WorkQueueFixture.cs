using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Tests.Work;

/// <summary>A work queue over a clock that the test moves, with items of this test alone.</summary>
public abstract class WorkQueueFixture(TestDatabase database)
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private protected FakeTimeProvider Time { get; } = new(Rows.Noon);

    private protected WorkSettings Settings { get; } = new();

    private protected TestDatabase Database => database;

    private protected WorkQueue Queue => field ??= new WorkQueue(database.Stores, Time, Settings);

    /// <summary>Each test has a kind of its own, so that they do not claim each other's items.</summary>
    private protected string Kind { get; } = $"kind-{Guid.NewGuid():N}";

    private protected Task EnqueueAsync(string key, DateTimeOffset? due = null, bool interrupt = false) =>
        database.Stores.TransactAsync(
            store => Queue.EnqueueAsync(store, Kind, key, due ?? Time.GetUtcNow(), interrupt),
            CancellationToken.None
        );

    private protected Task<IReadOnlyList<WorkClaim>> ClaimAsync(string owner, int max = 100) =>
        Queue.ClaimAsync(owner, [Kind], max, CancellationToken.None);

    // The claim's time has passed, whichever clock it goes by.
    private protected async Task RunOutAsync(string key)
    {
        await using var store = database.Stores.Open();
        await store.Database.ExecuteSqlAsync(
            $"UPDATE work_items SET claim_until = 0 WHERE kind = {Kind} AND key = {key}"
        );
    }

    private protected async Task CompleteAsync(WorkOutcome outcome) =>
        (await Queue.CompleteAsync((await ClaimAsync("one")).ShouldHaveSingleItem(), outcome)).ShouldBeTrue();

    private protected async Task ClaimAllAsync(string owner, ConcurrentBag<WorkClaim> claims)
    {
        for (var taken = await ClaimAsync(owner, 7); taken.Count > 0; taken = await ClaimAsync(owner, 7))
        {
            foreach (var claim in taken)
            {
                claims.Add(claim);
            }
        }
    }

    private protected Task SaveAsync(WorkClaim claim, ClusterRow row) =>
        Queue.SaveUnderClaimAsync(
            claim,
            store =>
            {
                store.Add(row);

                return Task.CompletedTask;
            }
        );

    private protected Task<bool> ExistsAsync(ClusterRow row) =>
        database.Stores.ReadAsync(store => store.Clusters.AnyAsync(c => c.Id == row.Id));

    private protected Task<WorkItemRow> ItemAsync(string key) =>
        database.Stores.ReadAsync(store =>
            store.WorkItems.AsNoTracking().SingleAsync(item => item.Kind == Kind && item.Key == key)
        );
}
