namespace VClusterManager.Server.Identity;

/// <summary>Who is calling.</summary>
/// <param name="Name">For people: written into <c>created_by</c>. What one may do hangs on <see cref="Identity"/>.</param>
/// <param name="Source">Where it came from: <c>api_key</c>, <c>token</c>, <c>managed_key</c>, <c>oidc</c>, <c>cluster_token</c>, <c>webhook</c> for a pull request; <c>system</c> for the manager itself.</param>
/// <param name="Expires">When the credential ends; <see langword="null"/>: never.</param>
internal sealed record Principal(string Name, Role Role, string Source, DateTimeOffset? Expires)
{
    /// <summary>The manager itself: the clock, the sweep.</summary>
    public static Principal System { get; } = new("system", Role.Admin, "system", null);

    /// <summary>
    /// Whose clusters are one's own: no two callers have the same who are not the same. Several credentials of one caller
    /// do: the keys that somebody made for themselves.
    /// </summary>
    public string Identity { get; init; } = $"{Source}/{Name}";

    public Limits Limits { get; init; } = Limits.None;

    /// <summary>Cancelled when the credential is taken away before its time.</summary>
    public CancellationToken Revoked { get; init; }

    /// <summary>The API key of the database that was shown; <see langword="null"/>: it was something else.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The credential opens this cluster and no other door; <see langword="null"/>: it opens all that the role does.</summary>
    public Guid? OnlyCluster { get; init; }

    public bool IsAdmin => Role >= Role.Admin;

    public bool SeesAll => IsAdmin || !Limits.HideSome;

    /// <param name="owner">The identity of who made it; <see langword="null"/>: nobody that is known.</param>
    public bool MaySee(string @namespace, string? owner) =>
        SeesAll || (Limits.Allow(@namespace) && (!Limits.OwnClusters || owner == Identity));

    /// <summary>An existing namespace that this manager did not make may be used.</summary>
    public bool MayUseForeign(string @namespace) =>
        IsAdmin || (Limits.Namespaces is not null && Limits.Allow(@namespace));
}

/// <summary>Each role may do all that the ones before it may.</summary>
internal enum Role
{
    Viewer,
    Editor,
    Admin,
}
