using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.PullRequests;
using VClusterManager.Server.Webhooks.Rules;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.Feedback;

/// <summary>
/// Tells a pull request how its cluster stands: a commit status, and one comment that is edited ever after. It has work
/// items of its own, few of which run at once, so that a provider that is slow or away keeps nothing else waiting.
/// <list type="number">
/// <item>Make the words of what is true now. What was told already is not told again.</item>
/// <item>The comment whose id was kept is edited. Without one, or when it is gone, ours is looked for, since a crash may have
/// come between the comment and its id; only where there is none is one made.</item>
/// <item>Each is saved as soon as it was told, and told whatever became of the other. Only a provider that is away, or wants to
/// be left alone, is not asked for more.</item>
/// </list>
/// </summary>
internal sealed partial class FeedbackHandler(
    PullRequestSaves saves,
    PullRequestApis apis,
    WebhookProviders providers,
    ProviderPauses pauses,
    ManagerOptions options,
    ILogger<FeedbackHandler> logger
) : IWorkHandler
{
    private static readonly TimeSpan WhileOthersAre = TimeSpan.FromSeconds(1);

    public string Kind => WorkKinds.Feedback;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        if (await saves.LoadAsync(context.Claim.Key, context.Stop) is not var (pull, cluster))
        {
            return WorkOutcome.Done;
        }

        if (apis.Find(pull.Provider) is not { } api || providers.Named(pull.Provider) is not { } provider)
        {
            return WorkOutcome.Done;
        }

        if (pauses.Left(pull.Provider) is { } left)
        {
            return WorkOutcome.Again(left);
        }

        using var turn = pauses.TakeTurn();
        if (turn is null)
        {
            return WorkOutcome.Again(WhileOthersAre);
        }

        var told = Words(pull, cluster, provider);
        return await TellAsync(
            pull,
            () => TellCommitAsync(context, api, pull, told.Status),
            () => TellPullRequestAsync(context, api, provider, pull, told.Comment)
        );
    }

    private async Task<WorkOutcome> TellAsync(PullRequestRow pull, params Func<Task<bool>>[] calls)
    {
        var (wasCalled, mayPass) = (false, false);
        foreach (var call in calls)
        {
            try
            {
                wasCalled |= await call();
            }
            catch (ProviderException e)
            {
                Log.NotTold(logger, pull.Key, e.Message);
                if (e.IsForAll)
                {
                    return WorkOutcome.Again(pauses.Failed(pull.Provider, e.After));
                }

                mayPass |= !e.IsFinal;
            }
        }

        if (wasCalled)
        {
            pauses.Succeeded(pull.Provider);
        }

        return mayPass ? WorkOutcome.Backoff : WorkOutcome.Done;
    }

    private Told Words(PullRequestRow pull, ClusterRow? cluster, IWebhookProvider provider)
    {
        var decision = PullRequestRules.Decide(options.Webhooks.Rules, pull, provider.Door);
        var context =
            options.Server.Instance == "default" ? "vcluster-manager" : $"vcluster-manager/{options.Server.Instance}";
        return FeedbackText.Of(pull, cluster, decision is RuleDecision.Yes, context, options.Server.PublicUrl);
    }

    /// <returns>It was told something now.</returns>
    private static async Task<bool> TellCommitAsync(
        WorkContext context,
        IPullRequestApi api,
        PullRequestRow pull,
        CommitStatus? status
    )
    {
        var line = $"{pull.HeadSha} {status?.State} {status?.Description}";
        if (status is null || line == pull.StatusTold)
        {
            return false;
        }

        await api.SetStatusAsync(pull, status, context.Stop);
        await PullRequestSaves.KeepAsync(context, pull, row => row.StatusTold = line);
        return true;
    }

    /// <returns>It was told something now.</returns>
    private async Task<bool> TellPullRequestAsync(
        WorkContext context,
        IPullRequestApi api,
        IWebhookProvider provider,
        PullRequestRow pull,
        string? comment
    )
    {
        if (comment is null || provider.Options.Secrets is not [var secret, ..])
        {
            return false;
        }

        var text = $"{comment}\n\n{FeedbackText.MarkerOf(secret, options.Server.Instance, pull)}\n";
        var hash = FeedbackText.HashOf(text);
        if (hash == pull.CommentHash)
        {
            return false;
        }

        var id = await CommentAsync(api, provider, pull, text, context.Stop);
        await PullRequestSaves.KeepAsync(context, pull, row => (row.CommentId, row.CommentHash) = (id, hash));
        return true;
    }

    private async Task<string> CommentAsync(
        IPullRequestApi api,
        IWebhookProvider provider,
        PullRequestRow pull,
        string text,
        CancellationToken cancellation
    )
    {
        if (pull.CommentId is { } known && await api.UpdateCommentAsync(pull, known, text, cancellation))
        {
            return known;
        }

        // Of earlier secrets, too: the comment was made under one of them.
        string[] markers =
        [
            .. provider.Options.Secrets.Select(secret => FeedbackText.MarkerOf(secret, options.Server.Instance, pull)),
        ];
        return
            await api.FindCommentAsync(pull, markers, cancellation) is { } found
            && await api.UpdateCommentAsync(pull, found, text, cancellation)
            ? found
            : await api.CreateCommentAsync(pull, text, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{PullRequest} could not be told how its cluster stands: {Reason}"
        )]
        public static partial void NotTold(ILogger logger, string pullRequest, string reason);
    }
}
