using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.GitHub;

/// <summary>
/// GitHub and GitHub Enterprise Server. Every event of a pull request carries all of it, so it does not matter which action
/// it was: what is new is learnt.
/// </summary>
internal sealed class GitHubProvider(WebhookOptions options) : IWebhookProvider
{
    private const string PullRequestEvent = "pull_request";

    public const string ProviderName = "github";

    public string Name => ProviderName;

    public string Door => "github";

    public WebhookDoorOptions Options => options.GitHub;

    public bool IsFrom(HeaderSource headers) => true;

    public bool IsUnsignedPing(HeaderSource headers) => false;

    public bool Authenticate(HeaderSource headers, ReadOnlySpan<byte> body) =>
        Signatures.IsSigned(headers("X-Hub-Signature-256"), body, Options.Secrets);

    public DeliveryStamp Stamp(HeaderSource headers, ReadOnlySpan<byte> body) =>
        new(
            EventParts.Header(headers, "X-GitHub-Event") ?? "unknown",
            EventParts.Header(headers, "X-GitHub-Delivery") ?? EventParts.HashOf(body)
        );

    public bool Concerns(string eventName) => eventName == PullRequestEvent;

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
                : FactsOf(delivery["pull_request"], repository, SetNow(delivery));
        }
    }

    /// <summary>A pull request, as it is in deliveries and as the API gives it.</summary>
    public static WebhookEvent FactsOf(Payload pull, string repository, IReadOnlyList<string> memberLabels)
    {
        if (pull["number"].Ordinal is not { } number)
        {
            return EventParts.Missing("which pull request it is about");
        }

        if (pull["updated_at"].Time is not { } at)
        {
            return EventParts.Missing("of which time it is");
        }

        var head = pull["head"];
        if (EventParts.Commit(head["sha"].Text) is not { } sha || pull["base"]["ref"].Text is not { } into)
        {
            return EventParts.Missing("which commit it is about, and which branch it goes to");
        }

        return new WebhookEvent.PullRequest(
            new PullRequestFacts
            {
                Id = new PullRequestId(ProviderName, repository, number),
                IsOpen = pull["state"].Text != "closed",
                At = at,
                HeadSha = sha,
                HeadBranch = head["ref"].Text ?? "",
                BaseBranch = into,
                // A fork that was deleted is none that could be trusted.
                IsFork = !repository.Equals(head["repo"]["full_name"].Text, StringComparison.OrdinalIgnoreCase),
                IsDraft = pull["draft"].Flag ?? false,
                Author = pull["user"]["login"].Text,
                Association = pull["author_association"].Text,
                Labels = [.. pull["labels"].Items.Select(label => label["name"].Text).OfType<string>()],
                MemberLabels = memberLabels,
                Url = pull["html_url"].WebAddress,
            }
        );
    }

    /// <summary>
    /// Only those who may triage can set a label, but they have robots do it for them, which ask nobody what is in the
    /// commit: a person must have done it.
    /// </summary>
    private static IReadOnlyList<string> SetNow(Payload delivery) =>
        delivery["action"].Text == "labeled"
        && delivery["sender"]["type"].Text == "User"
        && delivery["label"]["name"].Text is { } label
            ? [label]
            : [];
}
