using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>
/// The data of an event named <c>cluster</c> on <c>GET /api/events</c>: what was committed about a cluster. What only the
/// host shows (conditions) is not in it: get the cluster for that.
/// </summary>
/// <param name="Change">What happened.</param>
/// <param name="Id">The cluster's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Message">Why, in words a person can act on.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="ObservedGeneration">The newest generation that the host has reached.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
/// <param name="Operation">The operation that is queued or running; null when there is none.</param>
public sealed record ClusterEvent(
    ClusterEventKind Change,
    string Id,
    string Name,
    string Namespace,
    ClusterStatus Status,
    string Message,
    long Generation,
    long ObservedGeneration,
    DateTimeOffset? ExpiresAt,
    ClusterOperation? Operation
);

/// <summary>What happened to a cluster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterEventKind>))]
public enum ClusterEventKind
{
    /// <summary>It was asked for, or adopted.</summary>
    [JsonStringEnumMemberName("created")]
    Created,

    /// <summary>Something about it changed.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>It is seen to be gone.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
