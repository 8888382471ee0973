using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The body of <c>POST /api/clusters/{name}/tokens</c>.</summary>
public sealed record ClusterTokenCreate
{
    /// <summary>How long it lasts, such as <c>8h</c> or <c>30m</c>; the server's usual time when it is not given.</summary>
    public string? Ttl { get; init; }
}

/// <summary>A token that opens one virtual cluster through the proxy.</summary>
public sealed record ClusterToken
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked for it, and comes with it.</summary>
    public required string Name { get; init; }

    /// <summary><c>viewer</c>, <c>editor</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends; earlier when the credential that it was asked for with does.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The token itself: shown once, in the answer that made it, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}

/// <summary>A page of tokens for a cluster, newest first.</summary>
/// <param name="Tokens">Those that have not ended.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record ClusterTokenList(IReadOnlyList<ClusterToken> Tokens, string? NextCursor, int Total);
