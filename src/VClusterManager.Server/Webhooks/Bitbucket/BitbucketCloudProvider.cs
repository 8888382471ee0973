using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.Bitbucket;

/// <summary>Bitbucket Cloud. It has no labels: no fork is let in.</summary>
internal sealed class BitbucketCloudProvider(WebhookOptions options) : IWebhookProvider
{
    private const string Prefix = "pullrequest:";

    public const string ProviderName = "bitbucket";

    public string Name => ProviderName;

    public string Door => "bitbucket";

    public WebhookDoorOptions Options => options.Bitbucket;

    /// <summary>The other one has neither this header nor such keys.</summary>
    public bool IsFrom(HeaderSource headers) =>
        headers("X-Hook-UUID") is not null
        || headers("X-Event-Key")?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public bool IsUnsignedPing(HeaderSource headers) => false;

    public bool Authenticate(HeaderSource headers, ReadOnlySpan<byte> body) =>
        Signatures.IsSigned(headers("X-Hub-Signature"), body, Options.Secrets);

    public DeliveryStamp Stamp(HeaderSource headers, ReadOnlySpan<byte> body) =>
        new(
            EventParts.Header(headers, "X-Event-Key") ?? "unknown",
            EventParts.Header(headers, "X-Request-UUID") ?? EventParts.HashOf(body)
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
            var repository = EventParts.Repository(delivery["repository"]["full_name"].Text);
            return repository is null
                ? EventParts.Missing("which repository it is about")
                : FactsOf(delivery["pullrequest"], repository, eventName);
        }
    }

    /// <summary>A pull request, as it is in deliveries and as the API gives it.</summary>
    /// <param name="eventName"><see langword="null"/>: the API gave it.</param>
    public static WebhookEvent FactsOf(Payload pull, string repository, string? eventName)
    {
        if (pull["id"].Ordinal is not { } number)
        {
            return EventParts.Missing("which pull request it is about");
        }

        if (pull["updated_on"].Time is not { } at)
        {
            return EventParts.Missing("of which time it is");
        }

        var source = pull["source"];
        if (
            EventParts.Commit(source["commit"]["hash"].Text) is not { } sha
            || pull["destination"]["branch"]["name"].Text is not { } into
        )
        {
            return EventParts.Missing("which commit it is about, and which branch it goes to");
        }

        return new WebhookEvent.PullRequest(
            new PullRequestFacts
            {
                Id = new PullRequestId(ProviderName, repository, number),
                IsOpen = IsOpen(pull["state"].Text, eventName),
                At = at,
                HeadSha = sha,
                HeadBranch = source["branch"]["name"].Text ?? "",
                BaseBranch = into,
                IsFork = !repository.Equals(source["repository"]["full_name"].Text, StringComparison.OrdinalIgnoreCase),
                IsDraft = pull["draft"].Flag ?? false,
                Author = pull["author"]["nickname"].Text ?? pull["author"]["display_name"].Text,
                Url = pull["links"]["html"]["href"].WebAddress,
            }
        );
    }

    private static bool IsOpen(string? state, string? eventName) =>
        eventName is not (Prefix + "fulfilled" or Prefix + "rejected")
        && state is not ("MERGED" or "DECLINED" or "SUPERSEDED");
}
