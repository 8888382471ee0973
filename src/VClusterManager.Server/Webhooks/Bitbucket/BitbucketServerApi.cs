using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;

namespace VClusterManager.Server.Webhooks.Bitbucket;

/// <summary>The API of Bitbucket Data Center.</summary>
internal sealed class BitbucketServerApi(WebhookOptions options, IHttpClientFactory clients) : IPullRequestApi
{
    private const int PageSize = 100;
    private const int MaxPages = 10;

    private readonly ProviderClient _client = new(
        clients,
        options.BitbucketServerApi,
        BitbucketServerProvider.ProviderName
    );

    public string Provider => BitbucketServerProvider.ProviderName;

    public ProviderApiOptions Options => options.BitbucketServerApi;

    public Task SetStatusAsync(PullRequestRow pull, CommitStatus status, CancellationToken cancellation) =>
        _client.SendAsync(
            HttpMethod.Post,
            $"rest/build-status/1.0/commits/{pull.HeadSha}",
            new JsonObject
            {
                ["key"] = status.Context,
                ["state"] = BuildState.Of(status.State),
                ["name"] = status.Context,
                ["description"] = status.Description,
                // It must have one.
                ["url"] = pull.Url ?? Options.Address!.AbsoluteUri,
            },
            _ => "",
            cancellation
        );

    /// <summary>Comments are among all that has happened, the newest first: the oldest of ours is the last that is found.</summary>
    public async Task<string?> FindCommentAsync(
        PullRequestRow pull,
        IReadOnlyList<string> markers,
        CancellationToken cancellation
    )
    {
        string? oldest = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var (id, hasMore) = await _client.SendAsync<(string?, bool)>(
                HttpMethod.Get,
                $"{PullRequest(pull)}/activities?limit={PageSize}&start={page * PageSize}",
                null,
                answer =>
                    (
                        answer["values"]
                            .Items.Select(activity => activity["comment"])
                            .LastOrDefault(comment => markers.Any(comment["text"].Contains))["id"]
                            .Number?.ToString(CultureInfo.InvariantCulture),
                        answer["isLastPage"].Flag == false
                    ),
                cancellation
            );
            oldest = id ?? oldest;
            if (!hasMore)
            {
                break;
            }
        }

        return oldest;
    }

    public async Task<string> CreateCommentAsync(PullRequestRow pull, string text, CancellationToken cancellation) =>
        await _client.SendAsync(
            HttpMethod.Post,
            Comments(pull),
            new JsonObject { ["text"] = text },
            answer => answer["id"].Number?.ToString(CultureInfo.InvariantCulture),
            cancellation
        ) ?? throw new ProviderException($"There is no {pull.Key} that could be commented on.") { IsFinal = true };

    /// <summary>It is edited by the version that one has seen.</summary>
    public async Task<bool> UpdateCommentAsync(
        PullRequestRow pull,
        string id,
        string text,
        CancellationToken cancellation
    )
    {
        var address = $"{Comments(pull)}/{ProviderClient.Part(id)}";
        var version = await _client.SendAsync(
            HttpMethod.Get,
            address,
            null,
            answer => answer["version"].Number,
            cancellation
        );
        return version is not null
            && await _client.SendAsync(
                HttpMethod.Put,
                address,
                new JsonObject { ["text"] = text, ["version"] = version },
                answer => answer["id"].Number,
                cancellation
            )
                is not null;
    }

    public Task<PullRequestFacts?> GetAsync(PullRequestRow pull, CancellationToken cancellation) =>
        _client.SendAsync(
            HttpMethod.Get,
            PullRequest(pull),
            null,
            answer => (BitbucketServerProvider.FactsOf(answer, isDeleted: false) as WebhookEvent.PullRequest)?.Facts,
            cancellation
        );

    private static string Comments(PullRequestRow pull) => $"{PullRequest(pull)}/comments";

    private static string PullRequest(PullRequestRow pull)
    {
        var (project, repository) = (pull.Repository.Split('/')[0], pull.Repository.Split('/')[1]);
        return $"rest/api/1.0/projects/{ProviderClient.Part(project)}/repos/{ProviderClient.Part(repository)}/pull-requests/{pull.Number}";
    }
}
