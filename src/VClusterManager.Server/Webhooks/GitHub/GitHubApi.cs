using Octokit;
using Octokit.Internal;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;
using CommitState = VClusterManager.Server.Webhooks.Feedback.CommitState;
using CommitStatus = VClusterManager.Server.Webhooks.Feedback.CommitStatus;

namespace VClusterManager.Server.Webhooks.GitHub;

/// <summary>GitHub's API, through Octokit: over our own handlers, to the address of the configuration, as it is.</summary>
internal sealed class GitHubApi : IPullRequestApi
{
    private static readonly ApiOptions s_oldestThousand = new() { PageSize = 100, PageCount = 10 };

    private readonly TimeProvider _time;
    private readonly Lazy<GitHubClient> _client;

    public GitHubApi(WebhookOptions options, IHttpMessageHandlerFactory handlers, TimeProvider time)
    {
        Options = options.GitHubApi;
        _time = time;
        // A connection of our own: the client's constructor would put a path behind the address.
        _client = new Lazy<GitHubClient>(() =>
            new GitHubClient(
                new Connection(
                    new ProductHeaderValue("vcluster-manager"),
                    Options.Address,
                    new InMemoryCredentialStore(new Credentials(Options.Token)),
                    new HttpClientAdapter(() => handlers.CreateHandler(Provider)),
                    new SimpleJsonSerializer()
                )
            )
        );
    }

    public string Provider => GitHubProvider.ProviderName;

    public ProviderApiOptions Options { get; }

    public Task SetStatusAsync(PullRequestRow pull, CommitStatus status, CancellationToken cancellation) =>
        CallAsync(
            "set a commit status",
            client =>
                client.Repository.Status.Create(
                    Owner(pull),
                    Name(pull),
                    pull.HeadSha,
                    new NewCommitStatus
                    {
                        State = status.State switch
                        {
                            CommitState.Success => Octokit.CommitState.Success,
                            CommitState.Failure => Octokit.CommitState.Failure,
                            _ => Octokit.CommitState.Pending,
                        },
                        Context = status.Context,
                        Description = status.Description,
                    }
                ),
            cancellation
        );

    public async Task<string?> FindCommentAsync(
        PullRequestRow pull,
        IReadOnlyList<string> markers,
        CancellationToken cancellation
    )
    {
        var comments = await CallAsync(
            "list comments",
            client => client.Issue.Comment.GetAllForIssue(Owner(pull), Name(pull), pull.Number, s_oldestThousand),
            cancellation
        );
        var ours = comments?.FirstOrDefault(comment =>
            markers.Any(marker => comment.Body?.Contains(marker, StringComparison.Ordinal) == true)
        );
        return ours?.Id.ToString();
    }

    public async Task<string> CreateCommentAsync(PullRequestRow pull, string text, CancellationToken cancellation) =>
        (
            await CallAsync(
                "comment",
                client => client.Issue.Comment.Create(Owner(pull), Name(pull), pull.Number, text),
                cancellation
            )
        )?.Id.ToString()
        ?? throw new ProviderException($"There is no {pull.Key} that could be commented on.") { IsFinal = true };

    public async Task<bool> UpdateCommentAsync(
        PullRequestRow pull,
        string id,
        string text,
        CancellationToken cancellation
    ) =>
        long.TryParse(id, out var number)
        && await CallAsync(
            "edit a comment",
            client => client.Issue.Comment.Update(Owner(pull), Name(pull), number, text),
            cancellation
        )
            is not null;

    public async Task<PullRequestFacts?> GetAsync(PullRequestRow pull, CancellationToken cancellation)
    {
        var found = await CallAsync(
            "get a pull request",
            client => client.PullRequest.Get(Owner(pull), Name(pull), pull.Number),
            cancellation
        );
        return found is null ? null : FactsOf(pull, found);
    }

    /// <summary>
    /// A repository that was renamed or moved answers under its old name: it is another one then, whose deliveries tell of it.
    /// </summary>
    private static PullRequestFacts? FactsOf(PullRequestRow pull, PullRequest found) =>
        EventParts.Commit(found.Head.Sha) is not { } sha
        || found.Base?.Repository is not { } home
        || !pull.Repository.Equals(home.FullName, StringComparison.OrdinalIgnoreCase)
            ? null
            : new PullRequestFacts
            {
                Id = new PullRequestId(GitHubProvider.ProviderName, pull.Repository, pull.Number),
                IsOpen = found.State.StringValue != "closed",
                At = found.UpdatedAt,
                HeadSha = sha,
                HeadBranch = found.Head.Ref ?? "",
                BaseBranch = found.Base.Ref ?? "",
                // Of a fork that was deleted there is no repository.
                IsFork = found.Head.Repository is not { Id: > 0 } from || from.Id != home.Id,
                IsDraft = found.Draft,
                Author = found.User?.Login,
                Labels = [.. found.Labels.Select(label => label.Name)],
                Url = found.HtmlUrl,
            };

    /// <returns>The default: there is nothing there (404).</returns>
    private async Task<T?> CallAsync<T>(string what, Func<GitHubClient, Task<T>> call, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await call(_client.Value).WaitAsync(cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
        catch (ApiException e)
        {
            var after = AfterOf(e);
            throw new ProviderException($"GitHub did not {what}: {(int)e.StatusCode} {e.Message}", after, e)
            {
                IsFinal = e is ApiValidationException,
                IsForAll = ProviderException.IsSaidForAll((int)e.StatusCode, after is not null || IsUsedUp(e)),
            };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is not ProviderException)
        {
            // Octokit lets through whatever its handlers, its JSON and its own parsing of links throw.
            throw new ProviderException($"GitHub did not {what}: {e.Message}", after: null, e)
            {
                IsForAll = ProviderClient.IsAway(e),
            };
        }
    }

    private TimeSpan? AfterOf(ApiException e)
    {
        if (e is RateLimitExceededException limit)
        {
            return limit.Reset - _time.GetUtcNow();
        }

        return int.TryParse(HeaderOf(e, "Retry-After"), out var after) ? TimeSpan.FromSeconds(after) : null;
    }

    private static bool IsUsedUp(ApiException e) =>
        e is SecondaryRateLimitExceededException or AbuseException || HeaderOf(e, "X-RateLimit-Remaining") == "0";

    private static string? HeaderOf(ApiException e, string name) =>
        e.HttpResponse?.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static string Owner(PullRequestRow pull) => pull.Repository[..pull.Repository.IndexOf('/')];

    private static string Name(PullRequestRow pull) => pull.Repository[(pull.Repository.IndexOf('/') + 1)..];
}
