namespace VClusterManager.Server.Storage;

/// <summary>A delivery of a provider, as it came, and what became of it.</summary>
internal sealed class WebhookDeliveryRow
{
    public required Guid Id { get; init; }

    /// <summary><c>github</c>, <c>bitbucket</c>, <c>bitbucket_server</c> or <c>gitlab</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own id of it; unique for each provider, so that one that comes twice is one.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The provider's name of what happened.</summary>
    public required string Event { get; init; }

    /// <summary>The type of the body.</summary>
    public required string ContentType { get; init; }

    /// <summary>As it came, byte by byte; empty where nobody is going to read it.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Of the body as it came.</summary>
    public required int Size { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public WebhookVerdict Verdict { get; set; } = WebhookVerdict.Pending;

    /// <summary>Why, in words.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The pull request that it is about; <see langword="null"/>: none, or not known yet.</summary>
    public string? PullRequest { get; set; }

    public DateTimeOffset? ProcessedAt { get; set; }

    /// <summary>How often somebody had it done again.</summary>
    public int Replays { get; set; }
}

/// <summary>What became of a delivery.</summary>
internal enum WebhookVerdict
{
    /// <summary>It is stored, and nobody has looked at it yet.</summary>
    Pending,

    /// <summary>It has told something that is acted upon.</summary>
    Accepted,

    /// <summary>It needs nothing to be done.</summary>
    Ignored,

    /// <summary>Something should be done about it, and may not be.</summary>
    Refused,

    /// <summary>It is signed, and makes no sense.</summary>
    Unreadable,
}
