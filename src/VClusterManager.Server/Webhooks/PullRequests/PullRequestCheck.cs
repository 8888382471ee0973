using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>
/// Asks the provider every so often how a pull request stands that is known to be open, since deliveries get lost. What it
/// says is learnt like a delivery. What it does not say changes nothing: one that cannot be seen may be hidden, and a read
/// that failed deletes no cluster.
/// </summary>
internal sealed partial class PullRequestCheck(
    PullRequestSaves saves,
    PullRequestFactsStore facts,
    PullRequestApis apis,
    ProviderPauses pauses,
    WebhookOptions options,
    ILogger<PullRequestCheck> logger
) : IWorkHandler
{
    private static readonly TimeSpan WhileOthersAre = TimeSpan.FromSeconds(5);

    public string Kind => WorkKinds.Check;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        if (
            await saves.LoadAsync(context.Claim.Key, context.Stop) is not var (pull, _)
            || !pull.IsOpen
            || apis.Find(pull.Provider) is not { } api
        )
        {
            return WorkOutcome.Done;
        }

        if (pauses.Left(pull.Provider) is { } left)
        {
            return WorkOutcome.Again(left);
        }

        using var turn = pauses.TakeTurn();
        return turn is null ? WorkOutcome.Again(WhileOthersAre) : await AskAsync(context, api, pull);
    }

    private async Task<WorkOutcome> AskAsync(WorkContext context, IPullRequestApi api, PullRequestRow pull)
    {
        try
        {
            var found = await api.GetAsync(pull, context.Stop);
            pauses.Succeeded(pull.Provider);
            if (found is { } now)
            {
                await facts.LearnAsync(context, now, delivery: null);
            }
            else
            {
                Log.NotSeen(logger, pull.Key);
            }

            return WorkOutcome.Again(options.CheckInterval);
        }
        catch (ProviderException e)
        {
            Log.NotAsked(logger, pull.Key, e.Message);
            return e.IsForAll ? WorkOutcome.Again(pauses.Failed(pull.Provider, e.After))
                : e.IsFinal ? WorkOutcome.Again(options.CheckInterval)
                : WorkOutcome.Backoff;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{PullRequest} cannot be seen with the token, which may say that it is hidden: nothing is changed"
        )]
        public static partial void NotSeen(ILogger logger, string pullRequest);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{PullRequest} could not be asked for: {Reason}")]
        public static partial void NotAsked(ILogger logger, string pullRequest, string reason);
    }
}
