using System.Text.Json;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity.Tokens;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>
/// What a key lets its bearer do. One that somebody made for themselves never does more than they may now: when they are
/// taken out of the configuration it ends, and when their role or limits shrink, so do its own.
/// </summary>
internal sealed class KeyOwners(AuthOptions options)
{
    private const string Alone = "key/";

    private readonly Dictionary<string, Principal> _owners = options
        .Users.Select(user => new Principal(user.Name, user.Role, OwnTokens.Source, Expires: null)
        {
            Identity = OwnTokens.IdentityOf(user.Name),
            Limits = user.Limits,
        })
        .Concat(
            options.ApiKeys.Select(key => new Principal(key.ClientId, key.Role, ConfiguredApiKeys.Source, key.Expires)
            {
                Identity = ConfiguredApiKeys.IdentityOf(key.ClientId),
                Limits = key.Limits,
            })
        )
        .ToDictionary(owner => owner.Identity, StringComparer.Ordinal);

    /// <summary>The identity of a key that stands for itself.</summary>
    public static string AloneOf(Guid key) => Alone + key;

    /// <summary>The configuration knows who comes with this identity, and will know it tomorrow.</summary>
    public bool Know(string identity) => _owners.ContainsKey(identity);

    /// <summary>Who comes with this identity, as the configuration has it; <see langword="null"/>: it does not know them.</summary>
    public Principal? Find(string identity) => _owners.GetValueOrDefault(identity);

    /// <summary>The name is one that the configuration gives to somebody.</summary>
    public bool HaveName(string name) => Know(OwnTokens.IdentityOf(name)) || Know(ConfiguredApiKeys.IdentityOf(name));

    /// <summary>Who comes with this key; <see langword="null"/>: its owner is gone, and nobody does.</summary>
    public Principal? PrincipalOf(ApiKeyRow row, CancellationToken revoked)
    {
        var own = row.Limits is null ? Limits.None : JsonSerializer.Deserialize<Limits>(row.Limits)!;
        var isAlone = row.Identity.StartsWith(Alone, StringComparison.Ordinal);
        if (!isAlone && !Know(row.Identity))
        {
            return null;
        }

        var owner = isAlone ? null : _owners[row.Identity];
        var role = owner?.Role < row.Role ? owner.Role : row.Role;
        return new Principal(row.Name, role, KnownKeys.Source, Earlier(row.ExpiresAt, owner?.Expires))
        {
            Identity = row.Identity,
            Limits = role == Role.Admin ? Limits.None : own.Within(owner?.Limits ?? Limits.None),
            KeyId = row.Id,
            Revoked = revoked,
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}
