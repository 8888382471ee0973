namespace VClusterManager.Server.Storage;

/// <summary>What is known of a pull request, and what was done about it.</summary>
internal sealed class PullRequestRow
{
    /// <summary><c>github:acme/shop#12</c>, in small letters.</summary>
    public required string Key { get; init; }

    public required string Provider { get; init; }

    /// <summary><c>acme/shop</c>, as the provider writes it.</summary>
    public required string Repository { get; set; }

    public required int Number { get; init; }

    /// <summary>Raised with every save: two who save at once do not write over each other.</summary>
    public long Version { get; set; }

    public bool IsOpen { get; set; }

    /// <summary>The provider's time of what is known: older facts change nothing.</summary>
    public DateTimeOffset FactsAt { get; set; }

    public string HeadSha { get; set; } = "";

    public string HeadBranch { get; set; } = "";

    public string BaseBranch { get; set; } = "";

    /// <summary>Its commits come from another repository.</summary>
    public bool IsFork { get; set; }

    public bool IsDraft { get; set; }

    /// <summary><see langword="null"/>: nobody has said.</summary>
    public string? Author { get; set; }

    /// <summary>What the provider says the author is to the repository; <see langword="null"/>: it does not say.</summary>
    public string? Association { get; set; }

    public List<string> Labels { get; set; } = [];

    /// <summary>Those of the labels that a member has set at the commit that is the newest now.</summary>
    public List<string> MemberLabels { get; set; } = [];

    /// <summary>The page for people; never called by the server.</summary>
    public string? Url { get; set; }

    /// <summary>The newest wish: what asks for a cluster anew, the opening or a new commit, is the next one.</summary>
    public long Wish => Math.Max(OpenedWish, UpdatedWish);

    /// <summary>The wish that came with its last opening, or when it was first heard of; 0: it was never open.</summary>
    public long OpenedWish { get; set; }

    /// <summary>The wish that came with its last new commit; 0: there was none.</summary>
    public long UpdatedWish { get; set; }

    /// <summary>The wish that the cluster was made, extended or left alone for.</summary>
    public long Served { get; set; }

    /// <summary>
    /// Its newest cluster when a place was taken for another one: what is newer than that was made for the place.
    /// </summary>
    public Guid? PreviousCluster { get; set; }

    /// <summary>Its cluster has ended, and not by us: only a new wish makes another.</summary>
    public bool Ended { get; set; }

    /// <summary>The name that its cluster has; <see langword="null"/>: it has none, and takes up no room.</summary>
    public string? ClusterName { get; set; }

    /// <summary>The rule that the cluster was made by.</summary>
    public string? Rule { get; set; }

    /// <summary>What became of it, in words; shown with its deliveries.</summary>
    public string Message { get; set; } = "";

    /// <summary>The delivery that was heard last, which is told what becomes of it.</summary>
    public Guid? LastDelivery { get; set; }

    /// <summary>The provider's id of our comment; <see langword="null"/>: there is none that is known.</summary>
    public string? CommentId { get; set; }

    /// <summary>The hash of what the comment says.</summary>
    public string? CommentHash { get; set; }

    /// <summary>What the commit status says, and of which commit.</summary>
    public string? StatusTold { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
