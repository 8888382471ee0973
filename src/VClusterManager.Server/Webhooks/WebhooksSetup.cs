using Microsoft.Extensions.Http.Resilience;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Webhooks.Bitbucket;
using VClusterManager.Server.Webhooks.Deliveries;
using VClusterManager.Server.Webhooks.Feedback;
using VClusterManager.Server.Webhooks.GitHub;
using VClusterManager.Server.Webhooks.GitLab;
using VClusterManager.Server.Webhooks.PullRequests;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks;

/// <summary>A cluster for every pull request.</summary>
internal static class WebhooksSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        // In this order they are asked whose delivery it is.
        services.AddProvider<GitHubProvider, GitHubApi>(GitHubProvider.ProviderName);
        services.AddProvider<BitbucketCloudProvider, BitbucketCloudApi>(BitbucketCloudProvider.ProviderName);
        services.AddProvider<BitbucketServerProvider, BitbucketServerApi>(BitbucketServerProvider.ProviderName);
        services.AddProvider<GitLabProvider, GitLabApi>(GitLabProvider.ProviderName);
        services.AddSingleton<WebhookProviders>();
        services.AddSingleton<PullRequestApis>();
        services.AddSingleton<ProviderPauses>();
        services.AddSingleton<Inbox>();
        services.AddSingleton<InboxRoom>();
        services.AddSingleton<DeliveryReads>();
        services.AddSingleton<PullRequestFactsStore>();
        services.AddSingleton<PullRequestSaves>();
        services.AddSingleton<PullRequestPlaces>();
        services.AddSingleton<PullRequestClusters>();
        services.AddSingleton<IWorkHandler, DeliveryHandler>();
        services.AddSingleton<IWorkHandler, PullRequestHandler>();
        services.AddSingleton<IWorkHandler, PullRequestCheck>();
        services.AddSingleton<IWorkHandler, FeedbackHandler>();
        services.AddSingleton<ReadinessProblem>(provider =>
            new ClosedDoors(provider.GetRequiredService<WebhookProviders>()).Problem
        );
        services.AddHostedService<ClosedDoorsNotice>();
        services.AddHostedService<ClusterFollower>();
        return services;
    }

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapInbox();
        routes.MapDeliveries();
        return routes;
    }

    private static void AddProvider<TProvider, TApi>(this IServiceCollection services, string name)
        where TProvider : class, IWebhookProvider
        where TApi : class, IPullRequestApi
    {
        services.AddSingleton<IWebhookProvider, TProvider>();
        services.AddSingleton<IPullRequestApi, TApi>();
        services
            .AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    // A token goes to the address that was configured, and to no other.
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                }
            )
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddStandardResilienceHandler(Shape);
    }

    /// <summary>
    /// A call is short; reads are tried again at once, and writes never, since they may have been done. All that takes longer
    /// is the work queue's business, which keeps nobody waiting.
    /// </summary>
    private static void Shape(HttpStandardResilienceOptions options)
    {
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(25);
        options.Retry.MaxRetryAttempts = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        // It may ask for minutes: those are waited for outside.
        options.Retry.ShouldRetryAfterHeader = false;
        options.Retry.DisableForUnsafeHttpMethods();
        // One that is away is left alone by ProviderPauses, for all of its calls.
        options.CircuitBreaker.MinimumThroughput = 1000;
    }
}
