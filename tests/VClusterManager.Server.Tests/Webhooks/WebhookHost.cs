using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>A manager with secrets and tokens for all providers, whose APIs are a stand-in.</summary>
public class WebhookHost : ManagerHost
{
    internal const string Secret = "It's a Secret to Everybody";

    internal ProviderStandIn Providers { get; } = new();

    internal WebhookSender Sender => field ??= new WebhookSender(Address, Secret);

    private protected virtual IReadOnlyList<WebhookRule> Rules =>
        [
            new WebhookRule
            {
                Name = "drafts",
                Repositories = ["acme/drafts"],
                Drafts = false,
            },
            new WebhookRule
            {
                Name = "recreate",
                Repositories = ["acme/recreate"],
                OnUpdate = OnUpdate.Recreate,
            },
            new WebhookRule
            {
                Name = "extend",
                Repositories = ["acme/extend"],
                OnUpdate = OnUpdate.Extend,
                TtlHours = 5,
            },
            new WebhookRule
            {
                Name = "forks",
                Repositories = ["acme/forks"],
                ForkLabel = "safe",
            },
            new WebhookRule
            {
                Name = "few",
                Repositories = ["acme/few"],
                MaxPerRepository = 2,
            },
            new WebhookRule
            {
                Name = "few-each",
                Repositories = ["acme/few-each"],
                MaxPerAuthor = 1,
            },
            new WebhookRule
            {
                Name = "any",
                Repositories = ["acme/*", "Codertocat/*", "~gopher/*", "team_name/*", "gitlabhq/*"],
                TtlHours = 5,
            },
        ];

    private protected override ManagerOptions Configure(ManagerOptions options)
    {
        WebhookDoorOptions door = new(Enabled: true, [Secret]);
        return options with
        {
            Server = options.Server with
            {
                Limits = new LimitOptions { DeliveriesPerSecond = 10_000, AnonymousPerSecond = 10_000 },
            },
            Webhooks = new WebhookOptions
            {
                GitHub = door,
                Bitbucket = door,
                GitLab = door,
                GitHubApi = Api("github"),
                BitbucketApi = Api("bitbucket"),
                BitbucketServerApi = Api("bitbucket_server"),
                GitLabApi = Api("gitlab"),
                Rules = Rules,
                CheckInterval = TimeSpan.FromSeconds(1),
            },
        };
    }

    private protected override async Task StoppedAsync()
    {
        Sender.Dispose();
        await Providers.DisposeAsync();
    }

    internal Task<int> CountDeliveriesAsync() =>
        Stores.ReadAsync(store => store.WebhookDeliveries.CountAsync(Cancellation));

    /// <summary>The delivery as the API shows it, once somebody has looked at it and <paramref name="holds"/>.</summary>
    internal async Task<System.Text.Json.Nodes.JsonObject> DeliveryAsync(
        WebhookSender.Reply reply,
        Func<string, bool>? holds = null
    )
    {
        var id = System.Text.Json.Nodes.JsonNode.Parse(reply.Text)!["id"]!.GetValue<string>();
        System.Text.Json.Nodes.JsonObject? shown = null;
        await Wait.UntilAsync(async () =>
        {
            shown = (await Viewer.GetAsync($"/api/webhooks/deliveries/{id}")).ShouldBe(200).Json;
            return shown.Text("verdict") != "pending" && (holds is null || holds(shown.Text("reason")));
        });
        return shown!;
    }

    /// <summary>The newest cluster of a pull request as the database has it, once it is as it should be.</summary>
    internal async Task<ClusterRow?> ClusterAsync(string key, Func<ClusterRow?, bool> holds)
    {
        ClusterRow? seen = null;
        await Wait.UntilAsync(async () =>
        {
            seen = await Stores.ReadAsync(store =>
                store
                    .Clusters.AsNoTracking()
                    .Where(row => row.Owner == "webhook/" + key)
                    .OrderByDescending(row => row.CreatedAt)
                    .FirstOrDefaultAsync(Cancellation)
            );
            return holds(seen);
        });
        return seen;
    }

    internal Task<ClusterRow?> RunsAsync(string key) =>
        ClusterAsync(key, row => row is { Phase: ClusterPhase.Running, DeletedAt: null });

    internal Task<ClusterRow?> IsGoneAsync(string key) => ClusterAsync(key, row => row is { DeletedAt: not null });

    internal Task<PullRequestRow?> PullAsync(string key) =>
        Stores.ReadAsync(store =>
            store.PullRequests.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, Cancellation)
        );

    private ProviderApiOptions Api(string provider) => new(Providers.For(provider), ProviderStandIn.Token, null);
}
