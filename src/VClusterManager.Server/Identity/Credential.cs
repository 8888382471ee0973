namespace VClusterManager.Server.Identity;

/// <summary>What a caller shows to be let in. Secret.</summary>
/// <param name="IsBearer">From <c>Authorization: Bearer</c>; else from <c>X-API-Key</c>.</param>
internal sealed record Credential(string Text, bool IsBearer)
{
    public override string ToString() => nameof(Credential);
}

/// <summary>What one kind of credential check says.</summary>
internal abstract record CredentialAnswer
{
    private CredentialAnswer() { }

    public sealed record Accepted(Principal Principal) : CredentialAnswer;

    /// <summary>It is of this kind, and does not let anybody in.</summary>
    /// <param name="Reason">For the caller, who holds the credential.</param>
    public sealed record Refused(string Reason) : CredentialAnswer;

    /// <summary>Nobody can tell now whether it lets anybody in: try again later.</summary>
    public sealed record Undecided(string Reason) : CredentialAnswer;

    /// <summary>Another check may know it.</summary>
    public sealed record Unknown : CredentialAnswer
    {
        public static Unknown Instance { get; } = new();
    }
}

/// <summary>
/// Knows one kind of credential. All that are registered are asked, in order, until one does not say unknown; a new kind
/// (tokens, keys from the database) is one more registration.
/// </summary>
internal delegate ValueTask<CredentialAnswer> CredentialCheck(Credential credential, CancellationToken cancellation);
