using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Storage;

/// <summary>An API key that was made over the API. Only its hash is kept.</summary>
internal sealed class ApiKeyRow
{
    public required Guid Id { get; init; }

    /// <summary>The name of who comes with it: unique.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key, in small hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>How the key begins.</summary>
    public required string Hint { get; init; }

    public required Role Role { get; init; }

    /// <summary>Whose clusters are its own: its maker's, or those that are made with it.</summary>
    public required string Identity { get; init; }

    /// <summary>The name of who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>What it is bound to, as JSON; <see langword="null"/>: to nothing of its own.</summary>
    public required string? Limits { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
