using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Rules;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Asks the hall on behalf of a pull request; each is safe to ask again. A problem is given back only where what was asked
/// for is not so already.
/// </summary>
internal sealed class PullRequestClusters(ClusterRequests requests, VClusterOptions options)
{
    public async Task<Problem?> CreateAsync(
        PullRequestRow pull,
        WebhookRule rule,
        string name,
        CancellationToken cancellation
    )
    {
        var outcome = await requests.CreateAsync(
            RequestedCluster.Of(rule, pull, name),
            PullRequestOwner.Of(pull),
            ClusterSources.PullRequest,
            idempotent: null,
            cancellation
        );
        return outcome.Problem;
    }

    /// <summary>For as long as a new one would live.</summary>
    public async Task<Problem?> ExtendAsync(
        PullRequestRow pull,
        WebhookRule rule,
        ClusterRow cluster,
        CancellationToken cancellation
    )
    {
        var outcome = await requests.ExtendAsync(
            Reference(cluster),
            rule.TtlHours ?? options.DefaultTtlHours,
            PullRequestOwner.Of(pull),
            cancellation
        );
        return outcome.Problem;
    }

    public async Task<Problem?> DeleteAsync(
        PullRequestRow pull,
        ClusterRow cluster,
        string why,
        CancellationToken cancellation
    )
    {
        var outcome = await requests.DeleteAsync(
            Reference(cluster),
            keepVolumes: false,
            force: false,
            why,
            PullRequestOwner.Of(pull),
            cancellation
        );
        // Gone in between: that is what was wanted.
        return outcome.Problem is { Kind: not ProblemKind.NotFound } problem ? problem : null;
    }

    private static ClusterReference Reference(ClusterRow cluster) => new(cluster.Name, cluster.Namespace);
}
