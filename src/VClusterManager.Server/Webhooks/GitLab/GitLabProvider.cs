using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.GitLab;

/// <summary>GitLab, its own or anybody's. It proves a delivery by the secret itself.</summary>
internal sealed class GitLabProvider(WebhookOptions options) : IWebhookProvider
{
    private const string MergeRequestEvent = "Merge Request Hook";

    public const string ProviderName = "gitlab";

    public string Name => ProviderName;

    public string Door => "gitlab";

    public WebhookDoorOptions Options => options.GitLab;

    public bool IsFrom(HeaderSource headers) => true;

    public bool IsUnsignedPing(HeaderSource headers) => false;

    public bool Authenticate(HeaderSource headers, ReadOnlySpan<byte> body) =>
        Signatures.IsKnown(headers("X-Gitlab-Token"), Options.Secrets);

    /// <summary>The id of an event is also that of others which it has caused: with the body, it is one of its own.</summary>
    public DeliveryStamp Stamp(HeaderSource headers, ReadOnlySpan<byte> body) =>
        new(
            EventParts.Header(headers, "X-Gitlab-Event") ?? "unknown",
            EventParts.Header(headers, "Idempotency-Key")
                ?? $"{EventParts.Header(headers, "X-Gitlab-Event-UUID")}/{EventParts.HashOf(body)}".TrimStart('/')
        );

    public bool Concerns(string eventName) => eventName == MergeRequestEvent;

    public WebhookEvent Parse(string eventName, ReadOnlyMemory<byte> body)
    {
        if (!Concerns(eventName))
        {
            return EventParts.OtherThan("merge requests", eventName);
        }

        if (!Payload.TryRead(body, out var delivery, out var document))
        {
            return EventParts.NotJson;
        }

        using (document)
        {
            var repository = EventParts.Repository(delivery["project"]["path_with_namespace"].Text);
            return repository is null
                ? EventParts.Missing("which project it is about")
                : FactsOf(delivery, delivery["object_attributes"], repository);
        }
    }

    private static WebhookEvent FactsOf(Payload delivery, Payload merge, string repository)
    {
        var facts = FactsOf(merge, merge["last_commit"]["id"].Text, repository);
        return facts is not WebhookEvent.PullRequest { Facts: var known }
            ? facts
            : new WebhookEvent.PullRequest(
                known with
                {
                    // Whoever acts is named, and the author only numbered.
                    Author =
                        merge["author_id"].Number is { } author && delivery["user"]["id"].Number == author
                            ? delivery["user"]["username"].Text
                            : null,
                    Labels = TitlesOf(merge["labels"]) is { Count: > 0 } titles ? titles : TitlesOf(delivery["labels"]),
                    MemberLabels = SetNow(delivery, merge),
                }
            );
    }

    /// <summary>A merge request, as it is in deliveries and as the API gives it, but for what the two name differently.</summary>
    public static WebhookEvent FactsOf(Payload merge, string? commit, string repository)
    {
        if (merge["iid"].Ordinal is not { } number)
        {
            return EventParts.Missing("which merge request it is about");
        }

        if (merge["updated_at"].Time is not { } at)
        {
            return EventParts.Missing("of which time it is");
        }

        if (EventParts.Commit(commit) is not { } sha || merge["target_branch"].Text is not { } into)
        {
            return EventParts.Missing("which commit it is about, and which branch it goes to");
        }

        return new WebhookEvent.PullRequest(
            new PullRequestFacts
            {
                Id = new PullRequestId(ProviderName, repository, number),
                IsOpen = merge["state"].Text is not ("closed" or "merged"),
                At = at,
                HeadSha = sha,
                HeadBranch = merge["source_branch"].Text ?? "",
                BaseBranch = into,
                // A fork that was deleted has no number.
                IsFork =
                    merge["source_project_id"].Number is not { } source || merge["target_project_id"].Number != source,
                IsDraft = merge["draft"].Flag ?? merge["work_in_progress"].Flag ?? false,
                Author = merge["author"]["username"].Text,
                Url = merge["url"].WebAddress ?? merge["web_url"].WebAddress,
            }
        );
    }

    private static List<string> TitlesOf(Payload labels) =>
        [.. labels.Items.Select(label => label["title"].Text ?? label.Text).OfType<string>()];

    /// <summary>
    /// Only those who may report can set labels; an author could have been given that for the own merge request, and
    /// robots ask nobody what is in the commit: a person other than the author must have done it.
    /// </summary>
    private static IReadOnlyList<string> SetNow(Payload delivery, Payload merge)
    {
        var (user, labels) = (delivery["user"], delivery["changes"]["labels"]);
        if (user["id"].Number is not { } id || id == merge["author_id"].Number || IsRobot(user["username"].Text ?? ""))
        {
            return [];
        }

        return [.. TitlesOf(labels["current"]).Except(TitlesOf(labels["previous"]))];
    }

    /// <summary>As GitLab names the users of access tokens of projects and groups, and service accounts.</summary>
    private static bool IsRobot(string user) =>
        user.StartsWith("service_account_", StringComparison.OrdinalIgnoreCase)
        || user.Contains("_bot", StringComparison.OrdinalIgnoreCase)
            && (
                user.StartsWith("project_", StringComparison.OrdinalIgnoreCase)
                || user.StartsWith("group_", StringComparison.OrdinalIgnoreCase)
            );
}
