using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Storage;

/// <summary>A token that opens one virtual cluster. Only its hash is kept.</summary>
internal sealed class ClusterTokenRow
{
    public required Guid Id { get; init; }

    public required Guid ClusterId { get; init; }

    /// <summary>SHA-256 of the token, in small hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The name of who asked for it, and comes with it.</summary>
    public required string Name { get; init; }

    /// <summary>Who that is, whatever they are called.</summary>
    public required string Identity { get; init; }

    /// <summary>Where they came from.</summary>
    public required string Source { get; init; }

    /// <summary>As it was when they asked; it never opens more than that.</summary>
    public required Role Role { get; init; }

    /// <summary>What they were bound to, as JSON; <see langword="null"/>: to nothing.</summary>
    public required string? Limits { get; init; }

    /// <summary>The API key of the database that they came with: it ends with that.</summary>
    public required Guid? KeyId { get; init; }

    /// <summary>The configuration knew them: it ends when it does not any more.</summary>
    public required bool IsConfigured { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>When somebody last did something in a virtual cluster.</summary>
internal sealed class ClusterActivityRow
{
    public required Guid ClusterId { get; init; }

    public required DateTimeOffset At { get; set; }
}
