using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;

namespace VClusterManager.Server.Webhooks.Bitbucket;

/// <summary>The API of Bitbucket Cloud.</summary>
internal sealed class BitbucketCloudApi(WebhookOptions options, IHttpClientFactory clients) : IPullRequestApi
{
    private const int MaxPages = 10;

    private readonly ProviderClient _client = new(clients, options.BitbucketApi, BitbucketCloudProvider.ProviderName);

    public string Provider => BitbucketCloudProvider.ProviderName;

    public ProviderApiOptions Options => options.BitbucketApi;

    public Task SetStatusAsync(PullRequestRow pull, CommitStatus status, CancellationToken cancellation) =>
        _client.SendAsync(
            HttpMethod.Post,
            $"{Repository(pull)}/commit/{pull.HeadSha}/statuses/build",
            new JsonObject
            {
                ["key"] = BuildState.KeyOf(status.Context),
                ["state"] = BuildState.Of(status.State),
                ["name"] = status.Context,
                ["description"] = status.Description,
                // It must have one.
                ["url"] = pull.Url ?? Options.Address!.AbsoluteUri,
            },
            _ => "",
            cancellation
        );

    public async Task<string?> FindCommentAsync(
        PullRequestRow pull,
        IReadOnlyList<string> markers,
        CancellationToken cancellation
    )
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var (id, hasMore) = await _client.SendAsync<(string?, bool)>(
                HttpMethod.Get,
                $"{Comments(pull)}?pagelen=100&sort=created_on&page={page}",
                null,
                answer =>
                    (
                        answer["values"]
                            .Items.FirstOrDefault(comment =>
                                comment["deleted"].Flag != true
                                && markers.Any(marker => comment["content"]["raw"].Contains(marker))
                            )["id"]
                            .Number?.ToString(),
                        answer["next"].WebAddress is not null
                    ),
                cancellation
            );
            if (id is not null || !hasMore)
            {
                return id;
            }
        }

        return null;
    }

    public async Task<string> CreateCommentAsync(PullRequestRow pull, string text, CancellationToken cancellation) =>
        await _client.SendAsync(
            HttpMethod.Post,
            Comments(pull),
            Content(text),
            answer => answer["id"].Number?.ToString(),
            cancellation
        ) ?? throw new ProviderException($"There is no {pull.Key} that could be commented on.") { IsFinal = true };

    public async Task<bool> UpdateCommentAsync(
        PullRequestRow pull,
        string id,
        string text,
        CancellationToken cancellation
    ) =>
        await _client.SendAsync(
            HttpMethod.Put,
            $"{Comments(pull)}/{ProviderClient.Part(id)}",
            Content(text),
            answer => answer["id"].Number?.ToString(),
            cancellation
        )
            is not null;

    public Task<PullRequestFacts?> GetAsync(PullRequestRow pull, CancellationToken cancellation) =>
        _client.SendAsync(
            HttpMethod.Get,
            PullRequest(pull),
            null,
            answer =>
                (
                    BitbucketCloudProvider.FactsOf(answer, pull.Repository, eventName: null) as WebhookEvent.PullRequest
                )?.Facts,
            cancellation
        );

    private static JsonObject Content(string text) => new() { ["content"] = new JsonObject { ["raw"] = text } };

    private static string Comments(PullRequestRow pull) => $"{PullRequest(pull)}/comments";

    private static string PullRequest(PullRequestRow pull) => $"{Repository(pull)}/pullrequests/{pull.Number}";

    private static string Repository(PullRequestRow pull) =>
        $"repositories/{string.Join('/', pull.Repository.Split('/').Select(ProviderClient.Part))}";
}
