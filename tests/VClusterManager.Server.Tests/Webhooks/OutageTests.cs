using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>A provider that is away keeps no cluster waiting, and is told when it is back.</summary>
public sealed class OutageTests(WebhookHost host) : IClassFixture<WebhookHost>
{
    [Fact]
    public async Task Clusters_come_and_go_while_the_provider_is_away()
    {
        host.Providers.Fault = http =>
        {
            http.Response.Headers.RetryAfter = "1";
            return 503;
        };
        for (var number = 1; number <= 6; number++)
        {
            await SendAsync(number, "opened", 0);
        }

        for (var number = 1; number <= 6; number++)
        {
            await host.RunsAsync($"github:acme/away#{number}");
        }

        host.Providers.Comments.ShouldBeEmpty();
        await Wait.UntilAsync(() =>
            host.Log.Lines.Any(line => line.Text.Contains("could not be told how its cluster stands"))
        );
        host.Log.Lines.ShouldAllBe(line => !line.Text.Contains(ProviderStandIn.Token));
        await SendAsync(1, "closed", 1);
        await host.IsGoneAsync("github:acme/away#1");

        host.Providers.Fault = _ => null;

        await Wait.UntilAsync(() => host.Providers.Comments.Count(c => c.Text.Contains("is running")) == 5);
        await Wait.UntilAsync(() => host.Providers.Comments.Count(c => c.Text.Contains("is gone")) == 1);
        host.Providers.Comments.Count.ShouldBe(6);
    }

    private async Task SendAsync(int number, string action, double minute) =>
        (
            await host.Sender.SendAsync(
                "github",
                "pull_request",
                GitHubDeliveries.Of("acme/away", number, action, minute)
            )
        ).Status.ShouldBe(202);
}
