using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>Makes, lists and takes away API keys. Admins see all of them, everybody else their own.</summary>
internal sealed class KeyRequests(
    StoreFactory stores,
    KnownKeys keys,
    KeyFollower follower,
    KeyOwners owners,
    WriteAccess access,
    TimeProvider time
)
{
    /// <summary>Of one owner who is no admin: more are forgotten ones.</summary>
    internal const int MostOfOne = 100;

    public async Task<Outcome<ApiKey>> MakeAsync(ApiKeyCreate asked, Principal who, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var planned = KeyRules.Plan(asked, who, owners, now);
        if ((ReadOnly() ?? planned.Problem) is { } problem)
        {
            return problem;
        }

        var plan = planned.Value;
        if (plan.IsAlone && owners.HaveName(plan.Name))
        {
            return Taken(plan.Name);
        }

        var key = KeyText.New();
        var row = RowOf(plan, key, who, now);
        try
        {
            var refused = await stores.TransactAsync(store => AddAsync(store, row, who, cancellation), cancellation);
            if (refused is not null)
            {
                return refused;
            }
        }
        catch (UniqueViolationException e) when (e.Constraint == Constraints.ApiKeyName)
        {
            return Taken(plan.Name);
        }

        await follower.HearAsync(cancellation);
        return Show(row) with { Key = key };
    }

    public async Task<Outcome<ApiKeyList>> ListAsync(Principal who, PageRequest page, CancellationToken cancellation)
    {
        var rows = await stores.ReadAsync(store =>
            store
                .ApiKeys.AsNoTracking()
                .Where(row => who.IsAdmin || row.Identity == who.Identity)
                .ToListAsync(cancellation)
        );
        var shown = TimePlace.Page(rows, row => new TimePlace(row.CreatedAt, row.Id), page);
        return shown.Problem is { } problem
            ? problem
            : new ApiKeyList([.. shown.Value.Entries.Select(Show)], shown.Value.Next, rows.Count);
    }

    /// <summary>Takes a key away. The problem; <see langword="null"/>: it is gone.</summary>
    public async Task<Problem?> RevokeAsync(Guid id, Principal who, CancellationToken cancellation)
    {
        if (ReadOnly() is { } readOnly)
        {
            return readOnly;
        }

        var found = await stores.TransactAsync(
            async store =>
            {
                var row = await store.ApiKeys.FindAsync([id], cancellation);
                if (row is null || (!who.IsAdmin && row.Identity != who.Identity))
                {
                    return false;
                }

                store.ApiKeys.Remove(row);
                await ApiKeyChanges.RaiseAsync(store, cancellation);
                return true;
            },
            cancellation
        );
        if (!found)
        {
            return new Problem(ProblemKind.NotFound, $"There is no API key {id}.");
        }

        keys.Forget(id);
        await follower.HearAsync(cancellation);
        return null;
    }

    private static async Task<Problem?> AddAsync(
        Store store,
        ApiKeyRow row,
        Principal who,
        CancellationToken cancellation
    )
    {
        // First the counter: it is held until the commit, so that two who count at once do not both find room.
        await ApiKeyChanges.RaiseAsync(store, cancellation);
        if (!who.IsAdmin && await store.ApiKeys.CountAsync(k => k.Identity == row.Identity, cancellation) >= MostOfOne)
        {
            return new Problem(ProblemKind.Forbidden, $"{who.Name} has {MostOfOne} keys: take one away first.");
        }

        store.ApiKeys.Add(row);
        return null;
    }

    private static ApiKeyRow RowOf(KeyPlan plan, string key, Principal who, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new ApiKeyRow
        {
            Id = id,
            Name = plan.Name,
            Hash = Convert.ToHexStringLower(KeyText.HashOf(key)),
            Hint = KeyText.HintOf(key),
            Role = plan.Role,
            Identity = plan.IsAlone ? KeyOwners.AloneOf(id) : who.Identity,
            CreatedBy = who.Name,
            Limits = plan.Limits.AreNone ? null : JsonSerializer.Serialize(plan.Limits),
            CreatedAt = now,
            ExpiresAt = plan.Expires,
        };
    }

    private ApiKey Show(ApiKeyRow row)
    {
        var limits = row.Limits is null ? Limits.None : JsonSerializer.Deserialize<Limits>(row.Limits)!;
        var seen = keys.Use.LastOf(row.Id);
        return new ApiKey
        {
            Id = row.Id.ToString(),
            Name = row.Name,
            Hint = row.Hint,
            Role = row.Role.ToWord(),
            CreatedBy = row.CreatedBy,
            Created = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
            LastUsed = row.LastUsedAt > seen || seen is null ? row.LastUsedAt : seen,
            Limits = IdentityEndpoints.Show(limits),
        };
    }

    private Problem? ReadOnly() => access.IsOff ? access.Refused() : null;

    private static Problem Taken(string name) => new(ProblemKind.Conflict, $"There is somebody called {name} already.");
}
