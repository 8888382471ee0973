using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.PullRequests;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>A delivery that is to be done again, while somebody is still at what it has led to.</summary>
public sealed class ReplayTests(InboxTests.QuietWebhooks host) : IClassFixture<InboxTests.QuietWebhooks>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_still_at_the_first_time_leaves_a_replay_to_be_done()
    {
        var reply = await host.Sender.SendAsync(
            "github",
            "pull_request",
            GitHubDeliveries.Of("other/replayed", 1, "opened", 0)
        );
        await host.DeliveryAsync(reply);
        var id = Guid.Parse(JsonNode.Parse(reply.Text)!["id"]!.GetValue<string>());
        var pull = (await host.PullAsync("github:other/replayed#1"))!;
        pull.LastDelivery.ShouldBe(id);
        var context = await ClaimAsync();

        await TellAsync(context, pull, "It was told.");
        (await DeliveryAsync(id)).ShouldBe((WebhookVerdict.Accepted, "It was told."));

        await host.Stores.TransactAsync(
            async store =>
            {
                var row = (await store.WebhookDeliveries.FindAsync([id], Cancellation))!;
                (row.Verdict, row.Reason) = (WebhookVerdict.Pending, "");
            },
            Cancellation
        );
        await TellAsync(context, pull, "It is told late.");

        (await DeliveryAsync(id)).ShouldBe((WebhookVerdict.Pending, ""));
        (await host.PullAsync("github:other/replayed#1"))!.Message.ShouldBe("It is told late.");
    }

    private Task TellAsync(WorkContext context, PullRequestRow pull, string words) =>
        host.Services.GetRequiredService<PullRequestSaves>().TellAsync(context, pull, WebhookVerdict.Accepted, words);

    private async Task<(WebhookVerdict, string)> DeliveryAsync(Guid id)
    {
        var row = await host.Stores.ReadAsync(store =>
            store.WebhookDeliveries.AsNoTracking().SingleAsync(one => one.Id == id, Cancellation)
        );
        return (row.Verdict, row.Reason);
    }

    /// <summary>Of a kind that nobody else works on.</summary>
    private async Task<WorkContext> ClaimAsync()
    {
        var queue = host.Services.GetRequiredService<WorkQueue>();
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await host.Stores.TransactAsync(
            store => queue.EnqueueAsync(store, "of_this_test", "x", now.AddMinutes(-1), cancellation: Cancellation),
            Cancellation
        );
        var claims = await queue.ClaimAsync("test", ["of_this_test"], 1, Cancellation);
        return new WorkContext(claims.Single(), queue, () => WorkInterruption.None, Cancellation);
    }
}
