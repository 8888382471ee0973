using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Rules;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Sees to the cluster of one pull request. It is level-triggered: a work item only says "look again".
/// <list type="number">
/// <item>Load what is known of the pull request, and the newest cluster that was made for it: by its owner, which nobody
/// else can be, so that it is found whatever was or was not saved before a crash.</item>
/// <item>Ask <see cref="PullRequestPlan"/> what is next.</item>
/// <item>Do it through the hall, and save what became of it. A crash in between does it once more, which changes
/// nothing.</item>
/// </list>
/// </summary>
internal sealed class PullRequestHandler(
    PullRequestSaves saves,
    PullRequestPlaces places,
    PullRequestClusters clusters,
    WebhookProviders providers,
    WebhookOptions options
) : IWorkHandler
{
    private static readonly TimeSpan WhileItGoes = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileThereIsNoRoom = TimeSpan.FromMinutes(1);

    public string Kind => WorkKinds.PullRequest;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        if (await saves.LoadAsync(context.Claim.Key, context.Stop) is not var (pull, cluster))
        {
            return WorkOutcome.Done;
        }

        var door = providers.Named(pull.Provider)?.Door ?? pull.Provider;
        var decision = PullRequestRules.Decide(options.Rules, pull, door);
        var own = PullRequestOwner.Of(pull).Name;
        return PullRequestPlan.Next(pull, decision, cluster, own) switch
        {
            PullRequestStep.Create create => await CreateAsync(context, pull, create.Rule, cluster),
            PullRequestStep.Leave leave => await LeaveAsync(context, pull, cluster!, leave),
            PullRequestStep.Extend extend => await ExtendAsync(context, pull, cluster!, extend.Rule),
            PullRequestStep.Delete delete => await DeleteAsync(context, pull, cluster!, delete.Why),
            PullRequestStep.Wait => await WaitAsync(context, pull, cluster!),
            PullRequestStep.Clear clear => await ClearAsync(context, pull, clear.Why),
            PullRequestStep.End end => await EndAsync(context, pull, end.Why),
            PullRequestStep.Rest rest => await RestAsync(context, pull, rest.Message),
            _ => throw new InvalidOperationException("There is a step that nobody takes."),
        };
    }

    private async Task<WorkOutcome> CreateAsync(
        WorkContext context,
        PullRequestRow pull,
        WebhookRule rule,
        ClusterRow? gone
    )
    {
        var place = await places.TakeAsync(context, pull, rule, gone?.Id);
        if (place.Problem is { } full)
        {
            await saves.TellAsync(context, pull, WebhookVerdict.Refused, full.Detail);
            return WorkOutcome.Again(WhileThereIsNoRoom);
        }

        var problem = await clusters.CreateAsync(pull, rule, place.Value, context.Stop);
        return problem is null
            ? await ToldAsync(
                context,
                pull,
                WebhookVerdict.Accepted,
                $"Rule {rule.Name}: cluster {place.Value} was asked for."
            )
            : await RefusedAsync(context, pull, $"Rule {rule.Name}: cluster {place.Value} cannot be made", problem);
    }

    private Task<WorkOutcome> LeaveAsync(
        WorkContext context,
        PullRequestRow pull,
        ClusterRow cluster,
        PullRequestStep.Leave leave
    ) =>
        ToldAsync(
            context,
            pull,
            WebhookVerdict.Accepted,
            $"Rule {leave.Rule.Name} leaves cluster {cluster.Name} as it is ({leave.Why}).",
            row => row.Served = pull.Wish
        );

    private async Task<WorkOutcome> ExtendAsync(
        WorkContext context,
        PullRequestRow pull,
        ClusterRow cluster,
        WebhookRule rule
    ) =>
        await clusters.ExtendAsync(pull, rule, cluster, context.Stop) is { } problem
            ? await RefusedAsync(context, pull, $"Cluster {cluster.Name} cannot be extended", problem)
            : await ToldAsync(
                context,
                pull,
                WebhookVerdict.Accepted,
                $"Rule {rule.Name} has extended cluster {cluster.Name} (on_update: extend).",
                row => row.Served = pull.Wish
            );

    private async Task<WorkOutcome> DeleteAsync(
        WorkContext context,
        PullRequestRow pull,
        ClusterRow cluster,
        string why
    )
    {
        if (await clusters.DeleteAsync(pull, cluster, why, context.Stop) is { } problem)
        {
            return await RefusedAsync(context, pull, $"Cluster {cluster.Name} cannot be deleted", problem);
        }

        await saves.TellAsync(context, pull, WebhookVerdict.Accepted, $"Cluster {cluster.Name} is deleted: {why}.");
        return WorkOutcome.Again(WhileItGoes);
    }

    private async Task<WorkOutcome> WaitAsync(WorkContext context, PullRequestRow pull, ClusterRow cluster)
    {
        if (cluster.Phase == ClusterPhase.Failed)
        {
            await saves.TellAsync(
                context,
                pull,
                WebhookVerdict.Refused,
                $"Cluster {cluster.Name} could not be deleted: {cluster.Message}"
            );
            return WorkOutcome.Again(WhileThereIsNoRoom);
        }

        var next = pull.IsOpen ? "what comes next waits until it is gone" : "the pull request is closed";
        await saves.TellAsync(
            context,
            pull,
            WebhookVerdict.Accepted,
            $"Cluster {cluster.Name} is being deleted: {next}."
        );
        return WorkOutcome.Again(WhileItGoes);
    }

    private async Task<WorkOutcome> ClearAsync(WorkContext context, PullRequestRow pull, string why)
    {
        if (pull.ClusterName is { } had)
        {
            await saves.TellAsync(
                context,
                pull,
                WebhookVerdict.Accepted,
                $"Cluster {had} is gone: {why}.",
                row => row.ClusterName = null
            );
        }
        else if (!pull.Message.Contains(why, StringComparison.Ordinal))
        {
            await saves.TellAsync(context, pull, WebhookVerdict.Ignored, why);
        }
        else
        {
            // Told before, with more words: who looks once more has nothing to add.
            await saves.LookAsync(context, pull);
        }

        return WorkOutcome.Done;
    }

    private Task<WorkOutcome> EndAsync(WorkContext context, PullRequestRow pull, string why) =>
        ToldAsync(
            context,
            pull,
            WebhookVerdict.Ignored,
            why,
            row =>
            {
                row.ClusterName = null;
                // What came in between is a new wish.
                row.Ended = row.Wish == pull.Wish;
            }
        );

    private async Task<WorkOutcome> RestAsync(WorkContext context, PullRequestRow pull, string? message)
    {
        await (
            message is null
                ? saves.LookAsync(context, pull)
                : saves.TellAsync(context, pull, WebhookVerdict.Ignored, message)
        );
        return WorkOutcome.Again(options.CheckInterval);
    }

    private async Task<WorkOutcome> ToldAsync(
        WorkContext context,
        PullRequestRow pull,
        WebhookVerdict verdict,
        string reason,
        Action<PullRequestRow>? change = null
    )
    {
        await saves.TellAsync(context, pull, verdict, reason, change);
        return WorkOutcome.Again(options.CheckInterval);
    }

    /// <summary>What may pass is tried again: soon where nobody could have been asked, else after a while.</summary>
    private async Task<WorkOutcome> RefusedAsync(WorkContext context, PullRequestRow pull, string what, Problem problem)
    {
        if (problem.Kind == ProblemKind.Unavailable)
        {
            return WorkOutcome.Again(problem.RetryAfter ?? WhileItGoes);
        }

        await saves.TellAsync(context, pull, WebhookVerdict.Refused, $"{what}: {problem.Detail}");
        return WorkOutcome.Again(WhileThereIsNoRoom);
    }
}
