using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.PullRequests;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>
/// Reads a delivery that was stored: what it says of a pull request is learnt, and somebody is asked to look at that pull
/// request, in one transaction with the verdict.
/// </summary>
internal sealed class DeliveryHandler(
    StoreFactory stores,
    WebhookProviders providers,
    PullRequestFactsStore facts,
    TimeProvider time
) : IWorkHandler
{
    public string Kind => WorkKinds.Delivery;

    public WorkLane Lane => WorkLane.Bursts;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        var id = Guid.Parse(context.Claim.Key);
        var delivery = await stores.ReadAsync(store =>
            store.WebhookDeliveries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, context.Stop)
        );
        if (delivery is not { Verdict: WebhookVerdict.Pending })
        {
            return WorkOutcome.Done;
        }

        switch (Read(delivery))
        {
            case WebhookEvent.PullRequest { Facts: var learnt }:
                await facts.LearnAsync(context, learnt, delivery);
                break;
            case WebhookEvent.Other other:
                await EndAsync(context, delivery, WebhookVerdict.Ignored, other.Why);
                break;
            case WebhookEvent.Unreadable unreadable:
                await EndAsync(context, delivery, WebhookVerdict.Unreadable, unreadable.Why);
                break;
        }

        return WorkOutcome.Done;
    }

    private WebhookEvent Read(WebhookDeliveryRow delivery) =>
        providers.Named(delivery.Provider) is { } provider
            ? provider.Parse(delivery.Event, DeliveryBody.Json(delivery.ContentType, delivery.Body))
            : new WebhookEvent.Unreadable($"The provider {delivery.Provider} is not known to this version.");

    private async Task EndAsync(WorkContext context, WebhookDeliveryRow delivery, WebhookVerdict verdict, string why)
    {
        await context.SaveAsync(async store =>
        {
            if (await store.WebhookDeliveries.FindAsync(delivery.Id) is { } row)
            {
                (row.Verdict, row.Reason, row.ProcessedAt) = (verdict, why, time.GetUtcNow());
            }
        });
        WebhookMetrics.Judged(delivery.Provider, verdict);
    }
}
