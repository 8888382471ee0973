using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Rules;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Places for clusters, as many as a rule allows: one is taken before its cluster is asked for, and held until that is gone,
/// so that two who look at once do not both find room.
/// </summary>
internal sealed class PullRequestPlaces(VClusterOptions options, TimeProvider time)
{
    /// <param name="previous">Its newest cluster, which is gone; <see langword="null"/>: none.</param>
    /// <returns>The cluster's name.</returns>
    public async Task<Outcome<string>> TakeAsync(
        WorkContext context,
        PullRequestRow pull,
        WebhookRule rule,
        Guid? previous
    )
    {
        Outcome<string> outcome = new Problem(ProblemKind.NotFound, "The pull request is not known any more.");
        await context.SaveAsync(async store =>
        {
            if (rule.MaxPerRepository is not null || rule.MaxPerAuthor is not null)
            {
                await store.LockCountAsync(CancellationToken.None);
            }

            if (await store.PullRequests.FindAsync(pull.Key) is not { } row)
            {
                return;
            }

            outcome = row.ClusterName is null && await FullAsync(store, row, rule) is { } full ? full : Take(row);
        });
        return outcome;

        Outcome<string> Take(PullRequestRow row)
        {
            row.ClusterName = ClusterNaming.Of(rule, pull, options.NamespacePrefix);
            row.Rule = rule.Name;
            row.Served = pull.Wish;
            row.PreviousCluster = previous;
            row.UpdatedAt = time.GetUtcNow();
            return row.ClusterName;
        }
    }

    private static async Task<Problem?> FullAsync(Store store, PullRequestRow pull, WebhookRule rule)
    {
        var held = store.PullRequests.Where(row => row.Provider == pull.Provider && row.ClusterName != null);
        return await FullAsync(
                held.Where(row => row.Repository == pull.Repository),
                rule.MaxPerRepository,
                pull.Repository,
                $"rule {rule.Name} allows {rule.MaxPerRepository} (max_per_repository)"
            )
            ?? await FullAsync(
                held.Where(row => row.Author == pull.Author),
                rule.MaxPerAuthor,
                pull.Author ?? "An author who is not known",
                $"rule {rule.Name} allows {rule.MaxPerAuthor} (max_per_author)"
            );
    }

    private static async Task<Problem?> FullAsync(IQueryable<PullRequestRow> held, int? most, string whose, string rule)
    {
        if (most is null || await held.CountAsync() is var count && count < most)
        {
            return null;
        }

        return new Problem(
            ProblemKind.Conflict,
            $"{whose} has {count} clusters for pull requests, and {rule}: when one is closed, this one gets its place."
        );
    }
}
