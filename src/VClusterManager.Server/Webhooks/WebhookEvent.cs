namespace VClusterManager.Server.Webhooks;

/// <summary>What a delivery says, in words that all providers share.</summary>
internal abstract record WebhookEvent
{
    private WebhookEvent() { }

    /// <summary>It is about a pull request.</summary>
    public sealed record PullRequest(PullRequestFacts Facts) : WebhookEvent;

    /// <summary>It is about something else.</summary>
    public sealed record Other(string Why) : WebhookEvent;

    /// <summary>It is signed, and cannot be understood.</summary>
    public sealed record Unreadable(string Why) : WebhookEvent;
}

/// <summary>A pull request as a provider saw it at one time.</summary>
internal sealed record PullRequestFacts
{
    public required PullRequestId Id { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>The provider's time.</summary>
    public required DateTimeOffset At { get; init; }

    public required string HeadSha { get; init; }

    public required string HeadBranch { get; init; }

    public required string BaseBranch { get; init; }

    /// <summary>Its commits come from another repository, or from one that is not there any more.</summary>
    public required bool IsFork { get; init; }

    public required bool IsDraft { get; init; }

    /// <summary><see langword="null"/>: it is not said.</summary>
    public required string? Author { get; init; }

    /// <summary><see langword="null"/>: the provider does not say.</summary>
    public string? Association { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Labels that a person who may set them has set just now.</summary>
    public IReadOnlyList<string> MemberLabels { get; init; } = [];

    /// <summary>For people.</summary>
    public string? Url { get; init; }
}

/// <summary>Which pull request, for ever.</summary>
/// <param name="Repository">With its owner: <c>acme/shop</c>.</param>
internal sealed record PullRequestId(string Provider, string Repository, int Number)
{
    /// <summary>Providers do not tell capitals from small letters in the names of repositories.</summary>
    public string Key => $"{Provider}:{Repository.ToLowerInvariant()}#{Number}";

    public string Words => $"{Repository}#{Number}";
}
