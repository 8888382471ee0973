using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The answer of <c>GET /api/me</c>.</summary>
/// <param name="Name">Who is calling.</param>
/// <param name="Role"><c>viewer</c>, <c>editor</c> or <c>admin</c>.</param>
/// <param name="Source">
/// Where the credential came from: <c>api_key</c> (of the configuration), <c>managed_key</c> (made over the API),
/// <c>token</c> (of <c>/token</c>) or <c>oidc</c>.
/// </param>
/// <param name="ExpiresAt">When the credential ends; null: never.</param>
/// <param name="Limits">What the caller is bound to; null: to nothing but the role.</param>
public sealed record WhoAmI(string Name, string Role, string Source, DateTimeOffset? ExpiresAt, CallerLimits? Limits);

/// <summary>What a caller is bound to within a role.</summary>
/// <param name="Namespaces">Only these namespaces, in which <c>*</c> stands for any text; null: all.</param>
/// <param name="OwnClusters">Clusters of others are neither seen nor touched.</param>
/// <param name="MaxClusters">How many clusters the caller may have at once; null: no limit.</param>
/// <param name="MaxTtlHours">How many hours after its creation a cluster ends at the latest; null: no limit.</param>
public sealed record CallerLimits(
    IReadOnlyList<string>? Namespaces,
    bool OwnClusters,
    int? MaxClusters,
    int? MaxTtlHours
);

/// <summary>The body of <c>POST /token</c>, as a form or as JSON.</summary>
public sealed record TokenRequest
{
    /// <summary><c>password</c>, or nothing.</summary>
    public string? GrantType { get; init; }

    /// <summary>A name in <c>auth.users</c>.</summary>
    [Required]
    public string? Username { get; init; }

    /// <summary>The user's password.</summary>
    [Required]
    public string? Password { get; init; }

    /// <summary><c>viewer</c>, <c>api</c> or <c>admin</c>: no more than this, however much the user may do.</summary>
    public string? Scope { get; init; }

    /// <summary>Not looked at.</summary>
    public string? ClientId { get; init; }

    /// <summary>Not looked at.</summary>
    public string? ClientSecret { get; init; }
}

/// <summary>The answer of <c>POST /token</c>.</summary>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always <c>bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until it ends.</param>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn);

/// <summary>The body of <c>POST /api/keys</c>.</summary>
public sealed record ApiKeyCreate
{
    /// <summary>1 to 63 letters, digits, '-', '_' or '.'.</summary>
    [Required]
    [StringLength(63, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary><c>viewer</c>, <c>editor</c> or <c>admin</c>: at most the caller's own.</summary>
    [Required]
    public string? Role { get; init; }

    /// <summary>Hours until it ends, 1 to 87600; without it, it does not end by itself.</summary>
    [Range(1, 87600)]
    public int? ExpiresInHours { get; init; }

    /// <summary>Only these namespaces, in which <c>*</c> stands for any text; the caller's own when none are given.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Clusters of others are neither seen nor touched.</summary>
    public bool? OwnClusters { get; init; }

    /// <summary>How many clusters it may have at once.</summary>
    [Range(1, 100000)]
    public int? MaxClusters { get; init; }

    /// <summary>How many hours after its creation a cluster ends at the latest.</summary>
    [Range(1, 720)]
    public int? MaxTtlHours { get; init; }
}

/// <summary>An API key that was made over the API.</summary>
public sealed record ApiKey
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, as it is written into <c>created_by</c>: behind its owner's where it stands for them.</summary>
    public required string Name { get; init; }

    /// <summary>How it begins, to be told from others.</summary>
    public required string Hint { get; init; }

    /// <summary><c>viewer</c>, <c>editor</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends; null: not by itself.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute; null: never.</summary>
    public required DateTimeOffset? LastUsed { get; init; }

    /// <summary>What it is bound to; null: to nothing but its role.</summary>
    public required CallerLimits? Limits { get; init; }

    /// <summary>The key itself: shown once, in the answer that made it, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}

/// <summary>A page of API keys, newest first.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record ApiKeyList(IReadOnlyList<ApiKey> Keys, string? NextCursor, int Total);
