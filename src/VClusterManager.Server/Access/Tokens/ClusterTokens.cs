using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Access.Tokens;

/// <summary>
/// Makes, lists and takes away tokens for clusters. Everybody may have one for a cluster that they see, with their own
/// role; admins see all tokens of a cluster, everybody else their own.
/// </summary>
internal sealed class ClusterTokens(
    StoreFactory stores,
    KnownClusterTokens known,
    KeyOwners owners,
    AccessOptions options,
    WriteAccess access,
    TimeProvider time
)
{
    /// <summary>Of one caller for one cluster: more are forgotten ones. Two who ask at once may have one more.</summary>
    internal const int MostOfOne = 200;

    /// <param name="ttl">As the caller wrote it; <see langword="null"/>: the usual time.</param>
    public async Task<Outcome<ClusterToken>> MakeAsync(
        ClusterRow cluster,
        Principal who,
        string? ttl,
        CancellationToken cancellation
    )
    {
        var lasting = ReadTtl(ttl);
        if ((ReadOnly() ?? lasting.Problem) is { } problem)
        {
            return problem;
        }

        var token = KeyText.New(KnownClusterTokens.Prefix);
        var row = RowOf(cluster, who, token, lasting.Value);
        var hasTooMany = await stores.TransactAsync(
            async store =>
            {
                var has = await store.ClusterTokens.CountAsync(
                    t => t.ClusterId == cluster.Id && t.Identity == who.Identity && t.ExpiresAt > row.CreatedAt,
                    cancellation
                );
                if (has < MostOfOne)
                {
                    store.ClusterTokens.Add(row);
                }

                return has >= MostOfOne;
            },
            cancellation
        );
        return hasTooMany
            ? new Problem(
                ProblemKind.Forbidden,
                $"{who.Name} has {MostOfOne} tokens for cluster {cluster.Namespace}/{cluster.Name}: take some away first."
            )
            : Show(row) with
            {
                Token = token,
            };
    }

    public async Task<Outcome<ClusterTokenList>> ListAsync(
        ClusterRow cluster,
        Principal who,
        PageRequest page,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var rows = await stores.ReadAsync(store =>
            store
                .ClusterTokens.AsNoTracking()
                .Where(row => row.ClusterId == cluster.Id && row.ExpiresAt > now)
                .Where(row => who.IsAdmin || row.Identity == who.Identity)
                .ToListAsync(cancellation)
        );
        var shown = TimePlace.Page(rows, row => new TimePlace(row.CreatedAt, row.Id), page);
        return shown.Problem is { } problem
            ? problem
            : new ClusterTokenList([.. shown.Value.Entries.Select(Show)], shown.Value.Next, rows.Count);
    }

    /// <summary>Takes a token away. The problem; <see langword="null"/>: it is gone.</summary>
    public async Task<Problem?> RevokeAsync(ClusterRow cluster, Guid id, Principal who, CancellationToken cancellation)
    {
        if (ReadOnly() is { } readOnly)
        {
            return readOnly;
        }

        var found = await stores.TransactAsync(
            async store =>
            {
                var row = await store.ClusterTokens.FindAsync([id], cancellation);
                if (row is null || row.ClusterId != cluster.Id || (!who.IsAdmin && row.Identity != who.Identity))
                {
                    return false;
                }

                store.ClusterTokens.Remove(row);
                // The servers that know it listen for this.
                await ApiKeyChanges.RaiseAsync(store, cancellation);
                return true;
            },
            cancellation
        );
        if (!found)
        {
            return new Problem(ProblemKind.NotFound, $"Cluster {cluster.Namespace}/{cluster.Name} has no token {id}.");
        }

        known.Forget(id);
        return null;
    }

    private Problem? ReadOnly() => access.IsOff ? access.Refused() : null;

    private Outcome<TimeSpan> ReadTtl(string? ttl)
    {
        if (ttl is null)
        {
            return options.TokenTtl;
        }

        return
            DurationText.TryParse(ttl, out var asked)
            && asked >= TimeSpan.FromMinutes(1)
            && asked <= options.MaxTokenTtl
            ? asked
            : ProblemResults.Invalid(
                "ttl",
                $"must be a duration such as 8h or 30m, from 1m to {DurationText.Format(options.MaxTokenTtl)}"
            );
    }

    private ClusterTokenRow RowOf(ClusterRow cluster, Principal who, string token, TimeSpan ttl)
    {
        var now = time.GetUtcNow();
        return new ClusterTokenRow
        {
            Id = Guid.CreateVersion7(now),
            ClusterId = cluster.Id,
            Hash = Convert.ToHexStringLower(KeyText.HashOf(token)),
            Name = who.Name,
            Identity = who.Identity,
            Source = who.Source,
            Role = who.Role,
            Limits = who.Limits.AreNone ? null : JsonSerializer.Serialize(who.Limits),
            KeyId = who.KeyId,
            IsConfigured = who.KeyId is null && owners.Know(who.Identity),
            CreatedAt = now,
            ExpiresAt = now + ttl,
        };
    }

    private static ClusterToken Show(ClusterTokenRow row) =>
        new()
        {
            Id = row.Id.ToString(),
            Name = row.Name,
            Role = row.Role.ToWord(),
            Created = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
        };
}
