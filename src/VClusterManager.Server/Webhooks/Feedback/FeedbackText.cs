using System.Security.Cryptography;
using System.Text;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Feedback;

/// <summary>What is told, for one state of things.</summary>
/// <param name="Status"><see langword="null"/>: a commit is told nothing now.</param>
/// <param name="Comment"><see langword="null"/>: there is nothing to say.</param>
internal sealed record Told(CommitStatus? Status, string? Comment);

/// <summary>
/// The words for a pull request: made of what is true now, and of no time of ours, so that the same state says the same.
/// Pure. Whatever others have written stands between fences, where nothing in it means anything.
/// </summary>
internal static class FeedbackText
{
    private const int MaxDescription = 140;
    private const int MaxQuoted = 1000;

    /// <param name="isWanted">A rule gives it a cluster.</param>
    /// <param name="address">Of this server, for people; <see langword="null"/>: nobody has said.</param>
    public static Told Of(PullRequestRow pull, ClusterRow? cluster, bool isWanted, string context, Uri? address)
    {
        if (cluster is null && pull.CommentId is null && !(pull.IsOpen && isWanted && pull.Message.Length > 0))
        {
            return new Told(null, null);
        }

        var title = TitleOf(cluster);
        var comment = cluster is { DeletedAt: null, Desired: not DesiredState.Deleted }
            ? $"### {title}\n\n{Facts(cluster)}\n{Quoted(Note(cluster))}\n{WayIn(cluster, address)}"
            : $"### {title}\n\n{Quoted(pull.Message)}";
        return new Told(
            pull.IsOpen ? new CommitStatus(StateOf(cluster, isWanted), context, Cut(Plain(title))) : null,
            comment
        );
    }

    /// <summary>
    /// A line that nobody sees, and that only those can write who know the secret: by it a comment is known to be ours when
    /// its id was not kept. Whoever copies it comes after us, and the oldest one counts.
    /// </summary>
    public static string MarkerOf(string secret, string instance, PullRequestRow pull)
    {
        var mark = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret),
            Encoding.UTF8.GetBytes($"comment {instance} {pull.Key}")
        );
        return $"[//]: # (vcluster-manager:{Convert.ToHexStringLower(mark)[..32]})";
    }

    public static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static string TitleOf(ClusterRow? cluster) =>
        cluster switch
        {
            null => "There is no cluster for this pull request yet",
            { DeletedAt: not null } => $"Cluster `{cluster.Name}` is gone",
            { Desired: DesiredState.Deleted, Phase: ClusterPhase.Failed } =>
                $"Cluster `{cluster.Name}` could not be deleted",
            { Desired: DesiredState.Deleted } => $"Cluster `{cluster.Name}` is being deleted",
            _ => $"Cluster `{cluster.Name}` {WordsOf(cluster.Phase)}",
        };

    private static string WordsOf(ClusterPhase phase) =>
        phase switch
        {
            ClusterPhase.Pending => "is queued",
            ClusterPhase.Provisioning => "is being made",
            ClusterPhase.Running => "is running",
            ClusterPhase.Updating => "is being updated",
            ClusterPhase.Sleeping => "is asleep",
            ClusterPhase.Waking => "is waking up",
            ClusterPhase.Failed => "has failed",
            _ => "is being deleted",
        };

    private static CommitState StateOf(ClusterRow? cluster, bool isWanted) =>
        cluster switch
        {
            null => isWanted ? CommitState.Pending : CommitState.Success,
            { DeletedAt: not null } => CommitState.Success,
            { Phase: ClusterPhase.Failed } => CommitState.Failure,
            { Desired: DesiredState.Deleted } => CommitState.Pending,
            { Phase: ClusterPhase.Running or ClusterPhase.Sleeping } => CommitState.Success,
            _ => CommitState.Pending,
        };

    /// <summary>What a cluster at rest has to say; on its way it says something else every moment.</summary>
    private static string Note(ClusterRow cluster) =>
        cluster.Phase is ClusterPhase.Running or ClusterPhase.Sleeping or ClusterPhase.Failed ? cluster.Message : "";

    private static string Facts(ClusterRow cluster)
    {
        var ends = cluster.ExpiresAt is { } at ? $"{at:yyyy-MM-dd HH:mm} UTC" : "never";
        return $"""
            | | |
            |---|---|
            | Kubernetes | {cluster.KubernetesVersion} |
            | Namespace | `{cluster.Namespace}` |
            | Ends | {(cluster.Protected ? $"{ends}, and is protected" : ends)} |

            {Warning(cluster)}
            """;
    }

    /// <summary>Somebody has been warned of its end, which has not been put off since.</summary>
    private static string Warning(ClusterRow cluster) =>
        cluster is { ExpiryWarning: not null, ExpiresAt: { } at, Protected: false }
            ? $"**It ends soon, at {at:HH:mm} UTC**, unless somebody extends it.\n"
            : "";

    private static string WayIn(ClusterRow cluster, Uri? address)
    {
        var server = address?.AbsoluteUri.TrimEnd('/') ?? "$VCM_URL";
        return $"""
            How to get in, with an API key of vCluster Manager:

            ```sh
            curl -fsS -H "X-API-Key: $VCM_API_KEY" -o {cluster.Name}.yaml \
              "{server}/api/clusters/{cluster.Name}/kubeconfig?namespace={cluster.Namespace}"
            kubectl --kubeconfig {cluster.Name}.yaml get namespaces
            ```

            It is deleted when this pull request is closed.
            """;
    }

    private static string Quoted(string text)
    {
        var plain = text.Replace('`', '\'').Trim();
        return plain.Length == 0
            ? ""
            : $"""
                ```text
                {(plain.Length > MaxQuoted ? plain[..MaxQuoted] + "..." : plain)}
                ```

                """;
    }

    private static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length > MaxDescription ? text[..MaxDescription] : text;
}
