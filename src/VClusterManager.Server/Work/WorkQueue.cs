using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Work;

/// <summary>The work items: enqueue inside the caller's transaction, claim, renew, save under a claim, complete.</summary>
/// <remarks>
/// An item is due, claimed, or at rest. Claiming raises its epoch, and whatever is done under the claim is conditional on
/// that epoch, so a holder that was thought dead can change nothing once another has taken over. Enqueueing raises its
/// revision: what was asked for during a run is run once more after it. Items are never deleted while anybody may still
/// hold a claim on them, since a new row would count its epochs from the start.
/// </remarks>
internal sealed class WorkQueue(StoreFactory stores, TimeProvider time, WorkSettings settings)
{
    private readonly WorkSql _sql = new(stores.Kind);
    private readonly ConcurrentDictionary<WorkKey, bool> _interrupts = new();

    /// <summary>Set when there may be something due: by <see cref="Wake"/>, by other servers, by the end of a run.</summary>
    public WakeSignal Woken { get; } = new();

    /// <summary>Set when one of the running claims may have been interrupted.</summary>
    public WakeSignal Interrupted { get; } = new();

    /// <summary>
    /// Sees to it that the item is looked at when <paramref name="due"/> (or earlier, when it was due earlier already).
    /// Part of the caller's transaction; call <see cref="Wake"/> after the commit. With
    /// <paramref name="interrupt"/> a run that is going on is asked to stop.
    /// </summary>
    /// <param name="traceParent">The span that asks; the caller's when not given, empty for none.</param>
    public async Task EnqueueAsync(
        Store store,
        string kind,
        string key,
        DateTimeOffset due,
        bool interrupt = false,
        string? traceParent = null,
        CancellationToken cancellation = default
    )
    {
        var payload = interrupt ? $"{kind} {key}" : "";
        var asks = traceParent ?? DatabaseCall.Caller?.Id ?? "";
        object[] parameters = [kind, key, due.UtcTicks, interrupt ? 1L : 0L, payload, asks];
        await store.Database.ExecuteSqlRawAsync(_sql.Enqueue, parameters, cancellation);
        if (interrupt)
        {
            _interrupts.TryAdd(new WorkKey(kind, key), value: true);
        }
    }

    /// <summary>Tells the loops, here and elsewhere, that there may be something due.</summary>
    public void Wake()
    {
        // Other servers hear of it from the database, with the commit.
        Woken.Set();
        if (!_interrupts.IsEmpty)
        {
            Interrupted.Set();
        }
    }

    /// <summary>A notification from the database: what <see cref="EnqueueAsync"/> sent, here or elsewhere.</summary>
    public void Hear(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0)
        {
            _interrupts.TryAdd(new WorkKey(payload[..space], payload[(space + 1)..]), value: true);
        }

        Wake();
    }

    /// <summary>Forgets the hints that have been followed; what was interrupted is read from the database alone.</summary>
    public void ForgetInterrupts(Predicate<WorkKey> followed)
    {
        foreach (var key in _interrupts.Keys.Where(key => followed(key)))
        {
            _interrupts.TryRemove(key, out _);
        }
    }

    /// <summary>Claims up to <paramref name="max"/> items that are due, the longest due first.</summary>
    public async Task<IReadOnlyList<WorkClaim>> ClaimAsync(
        string owner,
        IReadOnlyCollection<string> kinds,
        int max,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow().UtcTicks;
        object[] parameters = [owner, now, now, settings.Lease.Ticks, max, .. kinds];
        var rows = await stores.TransactAsync(
            store => RowsAsync(store, _sql.Claim(kinds.Count), parameters, cancellation),
            cancellation
        );
        return
        [
            .. rows.OrderBy(row => row.DueAt)
                .Select(row => new WorkClaim(row.Kind, row.Key, row.Epoch, row.Revision, row.Attempts, owner)
                {
                    TraceParent = row.TraceParent,
                }),
        ];
    }

    /// <summary>Prolongs claims, all of one owner, and says how each of them stands.</summary>
    public async Task<IReadOnlyDictionary<WorkClaim, ClaimState>> RenewAsync(
        IReadOnlyCollection<WorkClaim> claims,
        CancellationToken cancellation
    )
    {
        object[] parameters =
        [
            claims.First().ClaimedBy,
            time.GetUtcNow().UtcTicks,
            settings.Lease.Ticks,
            .. claims.SelectMany(claim => (object[])[claim.Kind, claim.Key, claim.Epoch]),
        ];
        var rows = await stores.TransactAsync(
            store => RowsAsync(store, _sql.Renew(claims.Count), parameters, cancellation),
            cancellation
        );
        var held = rows.ToDictionary(row => new WorkKey(row.Kind, row.Key));
        var states = claims.ToDictionary(
            claim => claim,
            claim =>
                !held.TryGetValue(WorkKey.Of(claim), out var row) || row.Epoch != claim.Epoch ? ClaimState.Lost
                : row.InterruptRevision > claim.Revision ? ClaimState.Interrupted
                : ClaimState.Held
        );
        foreach (var claim in claims.Where(claim => states[claim] == ClaimState.Lost))
        {
            states[claim] = await IsHeldAsync(claim, cancellation) ? ClaimState.Busy : ClaimState.Lost;
        }

        return states;
    }

    /// <summary>As it was committed last, whoever is changing it now.</summary>
    private Task<bool> IsHeldAsync(WorkClaim claim, CancellationToken cancellation)
    {
        object[] parameters = [claim.ClaimedBy, time.GetUtcNow().UtcTicks, claim.Kind, claim.Key, claim.Epoch];
        return stores.ReadAsync(async store => (await RowsAsync(store, _sql.Held, parameters, cancellation)).Count > 0);
    }

    /// <summary>
    /// Saves in one transaction that first proves that the claim still holds; throws <see cref="ClaimLostException"/>
    /// and changes nothing when it does not.
    /// </summary>
    public Task SaveUnderClaimAsync(WorkClaim claim, Func<Store, Task> change) =>
        stores.TransactAsync(
            async store =>
            {
                object[] parameters =
                [
                    claim.ClaimedBy,
                    time.GetUtcNow().UtcTicks,
                    settings.Lease.Ticks,
                    claim.Kind,
                    claim.Key,
                    claim.Epoch,
                ];
                if (await store.Database.ExecuteSqlRawAsync(_sql.Fence, parameters) == 0)
                {
                    throw new ClaimLostException(claim);
                }

                await change(store);
            },
            CancellationToken.None
        );

    /// <summary>Ends a claim with what became of the run. Says whether it was still ours to end.</summary>
    public Task<bool> CompleteAsync(WorkClaim claim, WorkOutcome outcome)
    {
        var attempts = outcome.Failed ? claim.Attempts + 1 : 0;
        var after = outcome.Failed ? Backoff.After(attempts, Random.Shared.NextDouble()) : outcome.After;
        var now = time.GetUtcNow();
        object?[] parameters =
        [
            claim.ClaimedBy,
            now.UtcTicks,
            claim.Kind,
            claim.Key,
            claim.Epoch,
            claim.Revision,
            (now + after)?.UtcTicks,
            attempts,
        ];
        return ChangedAsync(WorkSql.Complete, parameters!);
    }

    /// <summary>Gives a claim back as it was taken: the item stays due. Says whether it was still ours to give.</summary>
    public Task<bool> ReleaseAsync(WorkClaim claim) =>
        ChangedAsync(_sql.Release, [claim.ClaimedBy, claim.Kind, claim.Key, claim.Epoch]);

    /// <summary>When the next item that nobody holds is due; <see langword="null"/>: none is.</summary>
    public Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellation) =>
        stores.ReadAsync(store =>
            store
                .WorkItems.Where(item => kinds.Contains(item.Kind) && item.ClaimedBy == null && item.DueAt != null)
                .MinAsync(item => item.DueAt, cancellation)
        );

    private Task<bool> ChangedAsync(string sql, object[] parameters) =>
        stores.TransactAsync(
            async store => await store.Database.ExecuteSqlRawAsync(sql, parameters) > 0,
            CancellationToken.None
        );

    private static Task<List<WorkItemRow>> RowsAsync(
        Store store,
        string sql,
        object[] parameters,
        CancellationToken cancellation
    ) => store.WorkItems.FromSqlRaw(sql, parameters).AsNoTracking().ToListAsync(cancellation);
}

/// <summary>Which item.</summary>
internal readonly record struct WorkKey(string Kind, string Key)
{
    public static WorkKey Of(WorkClaim claim) => new(claim.Kind, claim.Key);
}

/// <summary>How a claim stands after it was renewed.</summary>
internal enum ClaimState
{
    Held,

    /// <summary>Held, and somebody asked for the run to end.</summary>
    Interrupted,

    /// <summary>Ours, and not prolonged: somebody was changing its row.</summary>
    Busy,

    /// <summary>Run out, or taken by another.</summary>
    Lost,
}
