using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access.Tokens;

/// <summary>
/// The tokens for clusters that have been shown here. One is read from the database when it first comes, and asks nobody
/// after that; one that was taken away, here or elsewhere, is forgotten within a second. A token never opens more than
/// whoever asked for it may open now: their key may have been taken away, their role or limits may have shrunk.
/// </summary>
internal sealed class KnownClusterTokens(StoreFactory stores, KnownKeys keys, KeyOwners owners, TimeProvider time)
{
    public const string Source = "cluster_token";
    public const string Prefix = "vcmc_";

    private readonly ConcurrentDictionary<KeyPlace, KnownToken> _known = new();

    /// <summary>Grows whenever something may have been taken away: what was read before is no longer news.</summary>
    private long _looks;

    public async ValueTask<CredentialAnswer> CheckAsync(Credential credential, CancellationToken cancellation)
    {
        if (!KeyText.LooksLikeOne(credential.Text, Prefix))
        {
            return CredentialAnswer.Unknown.Instance;
        }

        var hash = KeyText.HashOf(credential.Text);
        var place = KeyPlace.Of(hash);
        while (true)
        {
            if (_known.TryGetValue(place, out var known))
            {
                return CryptographicOperations.FixedTimeEquals(known.Hash, hash)
                    ? Judge(known)
                    : CredentialAnswer.Unknown.Instance;
            }

            var looks = Volatile.Read(ref _looks);
            ClusterTokenRow? row;
            try
            {
                row = await FindAsync(hash, cancellation);
            }
            catch (DatabaseUnavailableException)
            {
                return new CredentialAnswer.Undecided("The token cannot be checked now: the database is away.");
            }

            if (row is null)
            {
                return new CredentialAnswer.Refused(
                    "The token is not known: it was taken away, or its cluster is gone."
                );
            }

            _known.TryAdd(place, new KnownToken(row, hash, new CancellationTokenSource()));
            // Something was taken away while this was read: it may have been this.
            if (looks != Volatile.Read(ref _looks))
            {
                Forget(known => known.Row.Id == row.Id);
            }
        }
    }

    /// <summary>Takes one away at once.</summary>
    public void Forget(Guid id)
    {
        Interlocked.Increment(ref _looks);
        Forget(known => known.Row.Id == id);
    }

    /// <summary>Asks the database which of those that are known are still there, and forgets the others.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _looks);
        foreach (var some in _known.Values.Select(known => known.Row.Id).Chunk(500))
        {
            var there = await stores.ReadAsync(store =>
                store.ClusterTokens.Where(row => some.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellation)
            );
            var gone = some.Except(there).ToHashSet();
            Forget(known => gone.Contains(known.Row.Id));
        }
    }

    /// <summary>Forgets those that have ended.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        Forget(known => known.Row.ExpiresAt <= now);
    }

    private void Forget(Predicate<KnownToken> which)
    {
        foreach (var entry in _known.Where(entry => which(entry.Value)))
        {
            if (_known.TryRemove(entry))
            {
                entry.Value.End();
            }
        }
    }

    private Task<ClusterTokenRow?> FindAsync(byte[] hash, CancellationToken cancellation)
    {
        var text = Convert.ToHexStringLower(hash);
        return stores.ReadAsync(store =>
            store.ClusterTokens.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == text, cancellation)
        );
    }

    private CredentialAnswer Judge(KnownToken token)
    {
        if (keys.IsDeaf)
        {
            return new CredentialAnswer.Undecided(
                "The token cannot be checked now: the database is away, and it may have been taken away."
            );
        }

        var row = token.Row;
        var origin = OriginOf(row);
        if (origin is not CredentialAnswer.Accepted { Principal: var who })
        {
            return origin;
        }

        var principal = token.PrincipalFor(who);
        return principal.Expires <= time.GetUtcNow()
            ? new CredentialAnswer.Refused("The token has expired.")
            : new CredentialAnswer.Accepted(principal);
    }

    /// <summary>Whoever asked for it, as they are today.</summary>
    private CredentialAnswer OriginOf(ClusterTokenRow row) =>
        row.KeyId is { } key ? keys.Check(key)
        : !row.IsConfigured ? new CredentialAnswer.Accepted(Principal.System)
        : owners.Find(row.Identity) is { } owner ? new CredentialAnswer.Accepted(owner)
        : new CredentialAnswer.Refused("The token belongs to somebody who is not known here any more.");

    private sealed class KnownToken(ClusterTokenRow row, byte[] hash, CancellationTokenSource end)
    {
        private readonly Lock _gate = new();
        private readonly Limits _limits = row.Limits is null
            ? Limits.None
            : JsonSerializer.Deserialize<Limits>(row.Limits)!;
        private Principal? _origin;
        private Principal? _principal;
        private CancellationTokenSource? _linked;

        public ClusterTokenRow Row { get; } = row;

        public byte[] Hash { get; } = hash;

        /// <summary>Made once for each state of its origin.</summary>
        public Principal PrincipalFor(Principal origin)
        {
            lock (_gate)
            {
                if (!ReferenceEquals(origin, _origin) || _principal is null)
                {
                    (_origin, _principal) = (origin, Make(origin));
                }

                return _principal;
            }
        }

        // On another thread: what hangs on it is not ours.
        public void End()
        {
            _ = end.CancelAsync();
            lock (_gate)
            {
                _linked?.Dispose();
            }
        }

        private Principal Make(Principal origin)
        {
            _linked = origin.Revoked.CanBeCanceled
                ? CancellationTokenSource.CreateLinkedTokenSource(end.Token, origin.Revoked)
                : null;
            var role = Row.Role < origin.Role ? Row.Role : origin.Role;
            return new Principal(
                Row.Name,
                role,
                Source,
                origin.Expires < Row.ExpiresAt ? origin.Expires : Row.ExpiresAt
            )
            {
                Identity = Row.Identity,
                Limits = role == Role.Admin ? Limits.None : _limits.Within(origin.Limits),
                OnlyCluster = Row.ClusterId,
                Revoked = _linked?.Token ?? end.Token,
            };
        }
    }
}
