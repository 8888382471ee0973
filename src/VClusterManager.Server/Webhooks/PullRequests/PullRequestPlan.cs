using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Rules;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>What is to be done next for a pull request.</summary>
internal abstract record PullRequestStep
{
    private PullRequestStep() { }

    /// <summary>Nothing.</summary>
    /// <param name="Message"><see langword="null"/>: what was said last holds.</param>
    public sealed record Rest(string? Message) : PullRequestStep;

    public sealed record Create(WebhookRule Rule) : PullRequestStep;

    /// <summary>A new wish changes nothing on the cluster.</summary>
    /// <param name="Why">The key of the rule.</param>
    public sealed record Leave(WebhookRule Rule, string Why) : PullRequestStep;

    public sealed record Extend(WebhookRule Rule) : PullRequestStep;

    /// <param name="Why">Kept with the cluster.</param>
    public sealed record Delete(string Why) : PullRequestStep;

    /// <summary>It is on its way out: look again when it is gone.</summary>
    public sealed record Wait : PullRequestStep;

    /// <summary>It is not wanted, and there is none.</summary>
    public sealed record Clear(string Why) : PullRequestStep;

    /// <summary>Somebody else has ended it: only a new wish makes another.</summary>
    public sealed record End(string Why) : PullRequestStep;
}

/// <summary>
/// Decides from what is true now, and not from what has happened: run again after a crash at any line, it says the same.
/// Pure.
/// <code>
///   wanted      there is none, or we took it away   -> Create
///               it goes                             -> Wait, then Create
///               it is there, and a commit is new    -> Leave | Extend | Delete (and then Create) unless protected
///               it ended, and not by us             -> End, until a new commit or a reopening that the rule follows
///   not wanted  it is there                         -> Delete, unless somebody protects it
///               it goes                             -> Wait
///               there is none                       -> Clear
/// </code>
/// </summary>
internal static class PullRequestPlan
{
    /// <param name="cluster">The newest that was ever made for this pull request.</param>
    /// <param name="own">The name that we go by.</param>
    public static PullRequestStep Next(PullRequestRow pull, RuleDecision decision, ClusterRow? cluster, string own)
    {
        if (cluster is { DeletedAt: null, Desired: DesiredState.Deleted })
        {
            return new PullRequestStep.Wait();
        }

        var isThere = cluster is { DeletedAt: null };
        return (pull.IsOpen, decision) switch
        {
            (true, RuleDecision.Yes yes) => isThere
                ? Keep(pull, yes.Rule, cluster!)
                : Make(pull, yes.Rule, cluster, own),
            (true, RuleDecision.No no) => Without(cluster, isThere, no.Why),
            _ => Without(cluster, isThere, "the pull request is closed"),
        };
    }

    private static PullRequestStep Keep(PullRequestRow pull, WebhookRule rule, ClusterRow cluster) =>
        pull.Served >= pull.Wish ? new PullRequestStep.Rest(null)
        : !IsAsked(pull, rule) ? new PullRequestStep.Leave(rule, $"events: {RuleWords.EventsOf(rule)}")
        : rule.OnUpdate switch
        {
            OnUpdate.Extend => new PullRequestStep.Extend(rule),
            OnUpdate.Recreate => TakeAway(
                cluster,
                $"there is a new commit, and rule {rule.Name} has on_update: recreate"
            ),
            _ => new PullRequestStep.Leave(rule, "on_update: none"),
        };

    /// <summary>There is a wish that was not served yet, of those that the rule follows.</summary>
    private static bool IsAsked(PullRequestRow pull, WebhookRule rule) =>
        (rule.Events.Contains(RuleEvent.Opened) && pull.OpenedWish > pull.Served)
        || (rule.Events.Contains(RuleEvent.Updated) && pull.UpdatedWish > pull.Served);

    private static PullRequestStep Make(PullRequestRow pull, WebhookRule rule, ClusterRow? gone, string own)
    {
        if (pull.Ended)
        {
            return new PullRequestStep.Rest(null);
        }

        // Newer than the place that was taken: the cluster was made, and is gone.
        var wasMade = gone is not null && gone.Id != pull.PreviousCluster;
        return wasMade && gone!.DeletedBy != own && !IsAsked(pull, rule)
            ? new PullRequestStep.End(
                $"its cluster {gone.Name} was deleted by {gone.DeletedBy ?? "nobody known"} ({gone.DeletedReason ?? "no reason given"}): {string.Join(" or ", rule.Events.Select(RuleWords.Of))} makes another"
            )
            : new PullRequestStep.Create(rule);
    }

    private static PullRequestStep Without(ClusterRow? cluster, bool isThere, string why) =>
        isThere ? TakeAway(cluster!, why) : new PullRequestStep.Clear(why);

    /// <summary>Whatever the reason: what somebody protects stays, and is looked at again.</summary>
    private static PullRequestStep TakeAway(ClusterRow cluster, string why) =>
        cluster.Protected
            ? new PullRequestStep.Rest($"Cluster {cluster.Name} is kept, since somebody has protected it; else: {why}.")
            : new PullRequestStep.Delete(why);
}
