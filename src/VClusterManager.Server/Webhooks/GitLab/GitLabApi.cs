using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Feedback;

namespace VClusterManager.Server.Webhooks.GitLab;

/// <summary>GitLab's API.</summary>
internal sealed class GitLabApi(WebhookOptions options, IHttpClientFactory clients) : IPullRequestApi
{
    private const int PageSize = 100;
    private const int MaxPages = 10;

    private readonly ProviderClient _client = new(clients, options.GitLabApi, GitLabProvider.ProviderName);

    public string Provider => GitLabProvider.ProviderName;

    public ProviderApiOptions Options => options.GitLabApi;

    public async Task SetStatusAsync(PullRequestRow pull, CommitStatus status, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(
                HttpMethod.Post,
                $"{Project(pull)}/statuses/{pull.HeadSha}",
                new JsonObject
                {
                    ["state"] = status.State switch
                    {
                        CommitState.Success => "success",
                        CommitState.Failure => "failed",
                        _ => "running",
                    },
                    ["name"] = status.Context,
                    ["description"] = status.Description,
                },
                _ => "",
                cancellation
            );
        }
        catch (ProviderException e) when (e.Message.Contains("Cannot transition", StringComparison.Ordinal))
        {
            // It says so already, and refuses to have it said again.
        }
    }

    public async Task<string?> FindCommentAsync(
        PullRequestRow pull,
        IReadOnlyList<string> markers,
        CancellationToken cancellation
    )
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var (id, count) = await _client.SendAsync<(string?, int)>(
                HttpMethod.Get,
                $"{Notes(pull)}?sort=asc&order_by=created_at&per_page={PageSize}&page={page}",
                null,
                notes =>
                    (
                        notes
                            .Items.FirstOrDefault(note => markers.Any(note["body"].Contains))["id"]
                            .Number?.ToString(CultureInfo.InvariantCulture),
                        notes.Items.Count()
                    ),
                cancellation
            );
            if (id is not null || count < PageSize)
            {
                return id;
            }
        }

        return null;
    }

    public async Task<string> CreateCommentAsync(PullRequestRow pull, string text, CancellationToken cancellation) =>
        await _client.SendAsync(
            HttpMethod.Post,
            Notes(pull),
            new JsonObject { ["body"] = text },
            answer => answer["id"].Number?.ToString(CultureInfo.InvariantCulture),
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
            $"{Notes(pull)}/{ProviderClient.Part(id)}",
            new JsonObject { ["body"] = text },
            answer => answer["id"].Number,
            cancellation
        )
            is not null;

    public Task<PullRequestFacts?> GetAsync(PullRequestRow pull, CancellationToken cancellation) =>
        _client.SendAsync(
            HttpMethod.Get,
            MergeRequest(pull),
            null,
            answer =>
                GitLabProvider.FactsOf(answer, answer["sha"].Text, pull.Repository)
                    is WebhookEvent.PullRequest { Facts: var facts }
                    ? facts with
                    {
                        Labels = [.. answer["labels"].Items.Select(label => label.Text).OfType<string>()],
                    }
                    : null,
            cancellation
        );

    private static string Notes(PullRequestRow pull) => $"{MergeRequest(pull)}/notes";

    private static string MergeRequest(PullRequestRow pull) => $"{Project(pull)}/merge_requests/{pull.Number}";

    /// <summary>The whole path of a project is one part of the address.</summary>
    private static string Project(PullRequestRow pull) => $"projects/{ProviderClient.Part(pull.Repository)}";
}
