using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>
/// The API keys that were made over the API, in memory: checking one asks nobody. <see cref="KeyFollower"/> brings in what
/// other servers do. Who has not heard of the database for a minute cannot know what was taken away, and lets nobody in.
/// </summary>
internal sealed class KnownKeys(KeyOwners owners, StoreFactory stores, TimeProvider time)
{
    public const string Source = "managed_key";

    private const string NotRead = "The API key cannot be checked yet: the database has not been read.";

    internal static readonly TimeSpan Deaf = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LastUse _use = new(
        (store, id, at, cancellation) =>
            store
                .ApiKeys.Where(row => row.Id == id && (row.LastUsedAt == null || row.LastUsedAt < at))
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.LastUsedAt, at), cancellation)
    );
    private volatile IReadOnlyDictionary<KeyPlace, KnownKey>? _known;
    private volatile IReadOnlyDictionary<Guid, KnownKey>? _byId;
    private long _heardAt;

    /// <summary>When keys were last used here.</summary>
    public LastUse Use => _use;

    public ValueTask<CredentialAnswer> CheckAsync(Credential credential, CancellationToken cancellation) =>
        ValueTask.FromResult(Check(credential.Text));

    /// <summary>Takes what the database has in the place of what was known.</summary>
    public void Take(IReadOnlyCollection<ApiKeyRow> rows)
    {
        lock (_gate)
        {
            var before = (_known?.Values ?? []).ToDictionary(key => key.Id);
            var now = new Dictionary<KeyPlace, KnownKey>(rows.Count);
            foreach (var row in rows)
            {
                var key = before.Remove(row.Id, out var same) ? same : KnownKey.Of(row, owners);
                now[KeyPlace.Of(key.Hash)] = key;
            }

            _known = now;
            _byId = now.Values.ToDictionary(key => key.Id);
            End(before.Values);
        }

        Heard();
    }

    /// <summary>The database was asked, and has nothing new.</summary>
    public void Heard() => Volatile.Write(ref _heardAt, time.GetTimestamp());

    /// <summary>Takes one away at once, before anything is read.</summary>
    public void Forget(Guid id)
    {
        lock (_gate)
        {
            var gone = (_known ?? new Dictionary<KeyPlace, KnownKey>()).Values.Where(key => key.Id == id).ToList();
            _known = _known?.Where(entry => entry.Value.Id != id).ToDictionary();
            _byId = _known?.Values.ToDictionary(key => key.Id);
            End(gone);
        }
    }

    /// <summary>The newest word on a key that somebody came with earlier; it is not the key that is shown now.</summary>
    public CredentialAnswer Check(Guid id) =>
        _byId is not { } known ? new CredentialAnswer.Undecided(NotRead)
        : known.TryGetValue(id, out var key) ? Judge(key)
        : new CredentialAnswer.Refused("The API key that it was made with is gone.");

    /// <summary>What others have taken away may not be known here.</summary>
    public bool IsDeaf =>
        stores.Kind == Configuration.DatabaseKind.Postgres && time.GetElapsedTime(Volatile.Read(ref _heardAt)) > Deaf;

    /// <summary>Asks nobody, and takes microseconds.</summary>
    public CredentialAnswer Check(string text)
    {
        if (!KeyText.LooksLikeOne(text))
        {
            return CredentialAnswer.Unknown.Instance;
        }

        if (_known is not { } known)
        {
            return new CredentialAnswer.Undecided(NotRead);
        }

        // It has as many bytes as characters, or it is none of ours.
        Span<byte> bytes = stackalloc byte[3 * text.Length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
        return
            known.TryGetValue(KeyPlace.Of(hash), out var key) && CryptographicOperations.FixedTimeEquals(hash, key.Hash)
            ? Judge(key)
            : CredentialAnswer.Unknown.Instance;
    }

    private CredentialAnswer Judge(KnownKey key)
    {
        if (key.Answer is not CredentialAnswer.Accepted { Principal: var who })
        {
            return key.Answer;
        }

        var now = time.GetUtcNow();
        if (who.Expires <= now)
        {
            return new CredentialAnswer.Refused("The API key has expired.");
        }

        if (IsDeaf)
        {
            return new CredentialAnswer.Undecided(
                "The API key cannot be checked now: the database is away, and it may have been taken away."
            );
        }

        _use.Saw(key.Id, now);
        return key.Answer;
    }

    private static void End(IEnumerable<KnownKey> keys)
    {
        foreach (var key in keys)
        {
            // On another thread: what hangs on it is not ours, and must not run under the lock.
            _ = key.End.CancelAsync();
        }
    }

    /// <param name="Answer">What everybody is told who comes with it, before its end.</param>
    private sealed record KnownKey(Guid Id, byte[] Hash, CredentialAnswer Answer, CancellationTokenSource End)
    {
        public static KnownKey Of(ApiKeyRow row, KeyOwners owners)
        {
            CancellationTokenSource end = new();
            CredentialAnswer answer = owners.PrincipalOf(row, end.Token) is { } who
                ? new CredentialAnswer.Accepted(who)
                : new CredentialAnswer.Refused("The API key belongs to somebody who is not known here any more.");
            return new KnownKey(row.Id, Convert.FromHexString(row.Hash), answer, end);
        }
    }
}
