using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// As whom clusters are asked for on behalf of a pull request. Each pull request is somebody by itself, who sees and touches
/// nothing but what it has made: a cluster of somebody else is not even there, whatever its name.
/// </summary>
internal static class PullRequestOwner
{
    private const string Source = "webhook";

    public static Principal Of(PullRequestRow pull) =>
        new(pull.Key, Role.Editor, Source, Expires: null) { Limits = new Limits { OwnClusters = true } };

    /// <summary>The key of the pull request whose own a cluster is; <see langword="null"/>: none's.</summary>
    public static string? KeyOf(ClusterRow cluster) =>
        cluster.Owner is { } owner && owner.StartsWith($"{Source}/", StringComparison.Ordinal)
            ? owner[(Source.Length + 1)..]
            : null;
}
