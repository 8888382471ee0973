using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;
using VClusterManager.Server.Webhooks.Rules;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>Where facts about pull requests are stored, whoever has told them.</summary>
internal sealed class PullRequestFactsStore(
    WorkQueue queue,
    WebhookProviders providers,
    PullRequestApis apis,
    WebhookOptions options,
    TimeProvider time
)
{
    private const int Attempts = 3;

    /// <summary>Learns what a delivery or the provider's API says, and has the pull request looked at.</summary>
    /// <param name="delivery"><see langword="null"/>: the API was asked.</param>
    public async Task LearnAsync(WorkContext context, PullRequestFacts facts, WebhookDeliveryRow? delivery)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                WebhookVerdict? told = null;
                await context.SaveAsync(async store => told = await LearnAsync(store, facts, delivery));
                queue.Wake();
                if (told is { } verdict)
                {
                    WebhookMetrics.Judged(delivery!.Provider, verdict);
                }

                return;
            }
            catch (UniqueViolationException) when (attempt < Attempts)
            {
                // Another delivery was the first to tell of this pull request: it is there now.
            }
        }
    }

    /// <returns>What is made of the delivery; <see langword="null"/>: there is none.</returns>
    private async Task<WebhookVerdict?> LearnAsync(Store store, PullRequestFacts facts, WebhookDeliveryRow? delivery)
    {
        var (key, now) = (facts.Id.Key, time.GetUtcNow());
        var row = await store.PullRequests.FindAsync(key);
        var isNew = row is null;
        row ??= store.PullRequests.Add(New(facts.Id, now)).Entity;
        var learnt = PullRequestTruth.Learn(row, facts, isNew);
        if (learnt == Learnt.Something)
        {
            row.UpdatedAt = now;
        }

        var decision = PullRequestRules.Decide(options.Rules, row, providers.Named(row.Provider)?.Door ?? row.Provider);
        var isWanted = row.IsOpen && decision is RuleDecision.Yes;
        // Of one that nobody has looked at before, and that no rule wants, there is nothing to be seen to.
        if (!isNew || isWanted)
        {
            await queue.EnqueueAsync(store, WorkKinds.PullRequest, key, now);
        }

        if (isWanted && delivery is not null && apis.Find(facts.Id.Provider) is not null)
        {
            await queue.EnqueueAsync(store, WorkKinds.Check, key, now + options.CheckInterval);
        }

        if (delivery is null || await store.WebhookDeliveries.FindAsync(delivery.Id) is not { } told)
        {
            return null;
        }

        (told.Verdict, told.Reason) = VerdictOf(row, facts, learnt, decision);
        told.PullRequest = key;
        told.ProcessedAt = now;
        if (learnt != Learnt.Late)
        {
            row.LastDelivery = told.Id;
        }

        return told.Verdict;
    }

    /// <summary>As far as it can be told before anybody has looked at the cluster.</summary>
    private static (WebhookVerdict Verdict, string Reason) VerdictOf(
        PullRequestRow row,
        PullRequestFacts facts,
        Learnt learnt,
        RuleDecision decision
    ) =>
        learnt switch
        {
            Learnt.Late => (
                WebhookVerdict.Ignored,
                $"It is late: it tells of {facts.At:yyyy-MM-dd HH:mm:ss}Z, and {row.Repository}#{row.Number} is known to be {(row.IsOpen ? "open" : "closed")} at {row.FactsAt:yyyy-MM-dd HH:mm:ss}Z."
            ),
            Learnt.Nothing => (WebhookVerdict.Ignored, "It tells nothing that was not known."),
            _ when !row.IsOpen => (WebhookVerdict.Ignored, "It is closed."),
            _ => decision is RuleDecision.No no
                ? (WebhookVerdict.Ignored, no.Why)
                : (WebhookVerdict.Accepted, "It is wanted to have a cluster."),
        };

    private static PullRequestRow New(PullRequestId id, DateTimeOffset now) =>
        new()
        {
            Key = id.Key,
            Provider = id.Provider,
            Repository = id.Repository,
            Number = id.Number,
            CreatedAt = now,
            UpdatedAt = now,
        };
}
