using System.Text.Json.Nodes;

namespace VClusterManager.Server.Configuration;

/// <summary>Clusters for pull requests.</summary>
internal sealed record WebhookOptions
{
    public WebhookDoorOptions GitHub { get; init; } = WebhookDoorOptions.Closed;

    public WebhookDoorOptions Bitbucket { get; init; } = WebhookDoorOptions.Closed;

    public WebhookDoorOptions GitLab { get; init; } = WebhookDoorOptions.Closed;

    public ProviderApiOptions GitHubApi { get; init; } = ProviderApiOptions.None;

    /// <summary>Bitbucket Cloud's.</summary>
    public ProviderApiOptions BitbucketApi { get; init; } = ProviderApiOptions.None;

    /// <summary>Bitbucket Data Center's.</summary>
    public ProviderApiOptions BitbucketServerApi { get; init; } = ProviderApiOptions.None;

    public ProviderApiOptions GitLabApi { get; init; } = ProviderApiOptions.None;

    /// <summary>The first one that is about a pull request decides.</summary>
    public IReadOnlyList<WebhookRule> Rules { get; init; } = [];

    /// <summary>How often a provider is asked whether a pull request is still open.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long deliveries are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(14);
}

/// <summary>A door for deliveries.</summary>
/// <param name="Secrets">Each of them opens it; the first is the current one. Empty: nobody comes in. Secret.</param>
internal sealed record WebhookDoorOptions(bool Enabled, IReadOnlyList<string> Secrets)
{
    public static WebhookDoorOptions Closed { get; } = new(Enabled: false, []);

    /// <summary>Deliveries are taken.</summary>
    public bool IsOpen => Enabled && Secrets.Count > 0;

    /// <summary>A record prints its members, and these are secrets.</summary>
    public override string ToString() => $"{nameof(WebhookDoorOptions)} {{ Enabled = {Enabled} }}";
}

/// <summary>The API of a provider, for what is told to pull requests.</summary>
/// <param name="Address">Ends with a slash.</param>
/// <param name="Token">Secret.</param>
/// <param name="User">Goes with the token where that is taken as a password; <see langword="null"/>: it is sent by itself.</param>
internal sealed record ProviderApiOptions(Uri? Address, string? Token, string? User)
{
    public static ProviderApiOptions None { get; } = new(null, null, null);

    public bool IsOn => Address is not null && Token is not null;

    /// <summary>A record prints its members, and one is a secret.</summary>
    public override string ToString() => $"{nameof(ProviderApiOptions)} {{ Address = {Address} }}";
}

/// <summary>Which pull requests get a cluster, and what it is like.</summary>
internal sealed record WebhookRule
{
    public required string Name { get; init; }

    /// <summary>Words of providers; empty: all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Patterns of <c>owner/name</c>, of which one must match.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = ["*"];

    /// <summary>Patterns of the branch that the pull request is to be merged into.</summary>
    public IReadOnlyList<string> Branches { get; init; } = ["*"];

    /// <summary>Patterns of who made the pull request.</summary>
    public IReadOnlyList<string> Authors { get; init; } = ["*"];

    /// <summary>What GitHub says an author is to the repository (<c>MEMBER</c>); empty: whatever.</summary>
    public IReadOnlyList<string> Associations { get; init; } = [];

    /// <summary>Labels that the pull request must all have.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What makes a cluster, or does what <see cref="OnUpdate"/> says; what closes always takes it away.</summary>
    public IReadOnlyList<RuleEvent> Events { get; init; } = [RuleEvent.Opened, RuleEvent.Updated];

    /// <summary>Drafts get one, too.</summary>
    public bool Drafts { get; init; } = true;

    /// <summary>The label that lets a fork in at one commit; <see langword="null"/>: none does.</summary>
    public string? ForkLabel { get; init; }

    public string ClusterName { get; init; } = DefaultClusterName;

    /// <summary><see langword="null"/>: the configured default.</summary>
    public int? TtlHours { get; init; }

    /// <summary><see langword="null"/>: the configured default.</summary>
    public string? KubernetesVersion { get; init; }

    /// <summary>Templates of the cluster's labels.</summary>
    public IReadOnlyDictionary<string, string> ClusterLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Values for vcluster.yaml; strings in it are templates.</summary>
    public JsonObject? Values { get; init; }

    public OnUpdate OnUpdate { get; init; } = OnUpdate.None;

    /// <summary>Clusters of pull requests of one repository at once; <see langword="null"/>: no limit.</summary>
    public int? MaxPerRepository { get; init; }

    /// <summary>Clusters of pull requests of one author at once; <see langword="null"/>: no limit.</summary>
    public int? MaxPerAuthor { get; init; }

    public const string DefaultClusterName = "pr-{number}-{repo}";
}

/// <summary>What happens to a pull request.</summary>
internal enum RuleEvent
{
    /// <summary>It is opened or reopened, or heard of for the first time.</summary>
    Opened,

    /// <summary>It gets a new commit.</summary>
    Updated,
}

/// <summary>What a new commit does to the cluster.</summary>
internal enum OnUpdate
{
    None,

    /// <summary>It lives for as long as a new one would.</summary>
    Extend,

    /// <summary>It is deleted, and made anew.</summary>
    Recreate,
}
