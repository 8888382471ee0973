using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The answer to a delivery that is stored; the same when it comes again.</summary>
/// <param name="Id">The id under which it is found: <c>GET /api/webhooks/deliveries/{id}</c>.</param>
public sealed record WebhookAccepted(string Id);

/// <summary>The answer to a delivery that only asks whether anybody is there.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
public sealed record WebhookPong(string Status);

/// <summary>A delivery of a provider, and what became of it.</summary>
public sealed record WebhookDelivery
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>github</c>, <c>bitbucket</c> (Cloud), <c>bitbucket_server</c> (Data Center) or <c>gitlab</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own id of it.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The provider's name of what happened, such as <c>pull_request</c>.</summary>
    public required string Event { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>What became of it.</summary>
    public required WebhookVerdict Verdict { get; init; }

    /// <summary>Why, in words; empty until somebody has looked at it.</summary>
    public required string Reason { get; init; }

    /// <summary>The pull request that it is about, such as <c>github:acme/shop#12</c>; null: none.</summary>
    public required string? PullRequest { get; init; }

    /// <summary>When somebody looked at it; null: not yet.</summary>
    public required DateTimeOffset? Processed { get; init; }

    /// <summary>How often it was done again because somebody asked for it.</summary>
    public required int Replays { get; init; }

    /// <summary>Bytes of its body.</summary>
    public required int Size { get; init; }

    /// <summary>The body. Only of a single delivery, only for admins, and only where it is about a pull request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Body { get; init; }
}

/// <summary>What became of a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WebhookVerdict>))]
public enum WebhookVerdict
{
    /// <summary>It is stored, and nobody has looked at it yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>It has told something that is acted upon.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It needs nothing to be done.</summary>
    [JsonStringEnumMemberName("ignored")]
    Ignored,

    /// <summary>Something should be done about it, and cannot be.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It is signed, and makes no sense.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}

/// <summary>A page of deliveries, newest first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record WebhookDeliveryList(IReadOnlyList<WebhookDelivery> Deliveries, string? NextCursor, int Total);
