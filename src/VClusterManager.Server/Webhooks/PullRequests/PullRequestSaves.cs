using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Reads a pull request with its cluster, and saves what became of it: under the claim, from a row that is read afresh, and
/// with somebody asked to tell it to the provider.
/// </summary>
internal sealed class PullRequestSaves(StoreFactory stores, WorkQueue queue, PullRequestApis apis, TimeProvider time)
{
    /// <returns><see langword="null"/>: there is no such pull request.</returns>
    public Task<(PullRequestRow Pull, ClusterRow? Cluster)?> LoadAsync(string key, CancellationToken cancellation) =>
        stores.ReadAsync<(PullRequestRow, ClusterRow?)?>(async store =>
        {
            var pull = await store.PullRequests.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellation);
            return pull is null ? null : (pull, await ClusterOfAsync(store, pull, cancellation));
        });

    /// <summary>Nothing has changed but perhaps the cluster: tell that, if it has to be told.</summary>
    public async Task LookAsync(WorkContext context, PullRequestRow pull)
    {
        await context.SaveAsync(store => EnqueueAsync(store, pull));
        queue.Wake();
    }

    /// <param name="reason">Kept with the pull request and with the delivery that has led to it.</param>
    public async Task TellAsync(
        WorkContext context,
        PullRequestRow pull,
        WebhookVerdict verdict,
        string reason,
        Action<PullRequestRow>? change = null
    )
    {
        await context.SaveAsync(async store =>
        {
            await EnqueueAsync(store, pull);
            if (await store.PullRequests.FindAsync(pull.Key) is not { } row)
            {
                return;
            }

            change?.Invoke(row);
            row.Message = StorableText.Clean(reason);
            row.UpdatedAt = time.GetUtcNow();
            // A later one has something else to say, and will; so has one that is to be done again.
            if (row.LastDelivery == pull.LastDelivery && row.LastDelivery is { } id)
            {
                await store
                    .WebhookDeliveries.Where(delivery =>
                        delivery.Id == id && delivery.Verdict != WebhookVerdict.Pending
                    )
                    .ExecuteUpdateAsync(delivery =>
                        delivery.SetProperty(one => one.Verdict, verdict).SetProperty(one => one.Reason, row.Message)
                    );
            }
        });
        queue.Wake();
    }

    /// <summary>Something was told to the provider, and is remembered.</summary>
    public static Task KeepAsync(WorkContext context, PullRequestRow pull, Action<PullRequestRow> change) =>
        context.SaveAsync(async store =>
        {
            if (await store.PullRequests.FindAsync(pull.Key) is { } row)
            {
                change(row);
            }
        });

    /// <summary>The newest that is its own, there or gone.</summary>
    public static Task<ClusterRow?> ClusterOfAsync(Store store, PullRequestRow pull, CancellationToken cancellation)
    {
        var owner = PullRequestOwner.Of(pull).Identity;
        return store
            .Clusters.AsNoTracking()
            .Where(row => row.Owner == owner)
            .OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id)
            .FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Where nothing can be told, there is nothing to be done about it.</summary>
    private Task EnqueueAsync(Store store, PullRequestRow pull) =>
        apis.Find(pull.Provider) is null
            ? Task.CompletedTask
            : queue.EnqueueAsync(store, WorkKinds.Feedback, pull.Key, time.GetUtcNow());
}
