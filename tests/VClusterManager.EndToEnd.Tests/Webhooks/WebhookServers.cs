using VClusterManager.EndToEnd.Tests.TestHost;
using VClusterManager.Server.Tests.Webhooks;

namespace VClusterManager.EndToEnd.Tests.Webhooks;

/// <summary>What a server is told about providers, as an operator would in variables.</summary>
internal static class WebhookServers
{
    public const string Secret = "It's a Secret to Everybody";

    public static (string, string)[] Settings(ProviderStandIn providers) =>
        [
            ("GITHUB_WEBHOOK_SECRET", Secret),
            ("BITBUCKET_WEBHOOK_SECRET", Secret),
            ("GITLAB_WEBHOOK_SECRET", Secret),
            ("VCM__WEBHOOKS__GITHUB__API_URL", providers.For("github").AbsoluteUri),
            ("VCM__WEBHOOKS__GITHUB__TOKEN", ProviderStandIn.Token),
            ("VCM__WEBHOOKS__BITBUCKET__API_URL", providers.For("bitbucket").AbsoluteUri),
            ("VCM__WEBHOOKS__BITBUCKET__TOKEN", ProviderStandIn.Token),
            ("VCM__WEBHOOKS__BITBUCKET__SERVER_URL", providers.For("bitbucket_server").AbsoluteUri),
            ("VCM__WEBHOOKS__BITBUCKET__SERVER_TOKEN", ProviderStandIn.Token),
            ("VCM__WEBHOOKS__GITLAB__API_URL", providers.For("gitlab").AbsoluteUri),
            ("VCM__WEBHOOKS__GITLAB__TOKEN", ProviderStandIn.Token),
            (
                "VCM__WEBHOOKS__RULES",
                """[{"name": "pr-preview", "ttl_hours": 6, "cluster_labels": {"for": "{repo}-{number}"}}]"""
            ),
            ("PUBLIC_URL", "https://vcm.example.com"),
        ];

    public static WebhookSender SenderTo(ServerProcess server) => new(server.Address, Secret);
}
