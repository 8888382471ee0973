using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.Bitbucket;

/// <summary>Bitbucket Data Center. It has no labels on pull requests: no fork is let in.</summary>
internal sealed class BitbucketServerProvider(WebhookOptions options) : IWebhookProvider
{
    private const string Prefix = "pr:";

    public const string ProviderName = "bitbucket_server";

    public string Name => ProviderName;

    public string Door => "bitbucket";

    public WebhookDoorOptions Options => options.Bitbucket;

    /// <summary>Asked after <see cref="BitbucketCloudProvider"/>.</summary>
    public bool IsFrom(HeaderSource headers) => true;

    /// <summary>"Test connection" sends it, with neither a signature nor a body that means anything.</summary>
    public bool IsUnsignedPing(HeaderSource headers) => headers("X-Event-Key") == "diagnostics:ping";

    public bool Authenticate(HeaderSource headers, ReadOnlySpan<byte> body) =>
        Signatures.IsSigned(headers("X-Hub-Signature"), body, Options.Secrets);

    public DeliveryStamp Stamp(HeaderSource headers, ReadOnlySpan<byte> body) =>
        new(
            EventParts.Header(headers, "X-Event-Key") ?? "unknown",
            EventParts.Header(headers, "X-Request-Id") ?? EventParts.HashOf(body)
        );

    public bool Concerns(string eventName) => eventName.StartsWith(Prefix, StringComparison.Ordinal);

    public WebhookEvent Parse(string eventName, ReadOnlyMemory<byte> body)
    {
        if (!Concerns(eventName))
        {
            return EventParts.OtherThan("pull requests", eventName);
        }

        if (!Payload.TryRead(body, out var delivery, out var document))
        {
            return EventParts.NotJson;
        }

        using (document)
        {
            return FactsOf(delivery["pullRequest"], isDeleted: eventName == Prefix + "deleted");
        }
    }

    /// <summary>A pull request, as it is in deliveries and as the API gives it.</summary>
    /// <param name="isDeleted">It is gone, and describes itself as it was before.</param>
    public static WebhookEvent FactsOf(Payload pull, bool isDeleted)
    {
        var (from, into) = (pull["fromRef"], pull["toRef"]);
        if (RepositoryOf(into["repository"]) is not { } repository)
        {
            return EventParts.Missing("which repository it is about");
        }

        if (pull["id"].Ordinal is not { } number)
        {
            return EventParts.Missing("which pull request it is about");
        }

        if (pull["updatedDate"].Time is not { } at)
        {
            return EventParts.Missing("of which time it is");
        }

        if (EventParts.Commit(from["latestCommit"].Text) is not { } sha || into["displayId"].Text is not { } branch)
        {
            return EventParts.Missing("which commit it is about, and which branch it goes to");
        }

        return new WebhookEvent.PullRequest(
            new PullRequestFacts
            {
                Id = new PullRequestId(ProviderName, repository, number),
                IsOpen = !isDeleted && pull["state"].Text is null or "OPEN",
                At = at,
                HeadSha = sha,
                HeadBranch = from["displayId"].Text ?? "",
                BaseBranch = branch,
                IsFork = !repository.Equals(RepositoryOf(from["repository"]), StringComparison.OrdinalIgnoreCase),
                IsDraft = pull["draft"].Flag ?? false,
                Author = pull["author"]["user"]["name"].Text,
                Url = pull["links"]["self"].Items.Select(link => link["href"].WebAddress).FirstOrDefault(),
            }
        );
    }

    private static string? RepositoryOf(Payload repository) =>
        EventParts.Repository($"{repository["project"]["key"].Text}/{repository["slug"].Text}");
}
