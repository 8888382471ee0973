using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>
/// Where deliveries are stored: the row and its work item are one transaction, and the same delivery is one row. A burst of
/// them shares its commits.
/// </summary>
internal sealed class Inbox : IDisposable
{
    /// <summary>Of at most 5 MiB each, and mostly of some 30 KiB.</summary>
    private const int MostAtOnce = 32;

    private readonly StoreFactory _stores;
    private readonly WorkQueue _queue;
    private readonly WriteAccess _access;
    private readonly TimeProvider _time;
    private readonly GroupCommit<Arrived, Guid> _commits;

    public Inbox(StoreFactory stores, WorkQueue queue, WriteAccess access, TimeProvider time)
    {
        _stores = stores;
        _queue = queue;
        _access = access;
        _time = time;
        _commits = new GroupCommit<Arrived, Guid>(MostAtOnce, StoreAsync);
    }

    public void Dispose() => _commits.Dispose();

    /// <summary>Why nothing can be stored now; <see langword="null"/>: it can.</summary>
    public Problem? Refused() => _access.Refused();

    /// <returns>The id of its row, also where it had come before.</returns>
    public Task<Guid> StoreAsync(IWebhookProvider provider, DeliveryStamp stamp, string contentType, byte[] body) =>
        _commits.AddAsync(new Arrived(RowOf(provider, stamp, contentType, body), Activity.Current?.Id ?? ""));

    private async Task<IReadOnlyList<Guid>> StoreAsync(IReadOnlyList<Arrived> deliveries)
    {
        try
        {
            await _stores.TransactAsync(store => AddAsync(store, deliveries), CancellationToken.None);
            _queue.Wake();
            foreach (var (row, _) in deliveries.Where(one => one.Row.Verdict != WebhookVerdict.Pending))
            {
                WebhookMetrics.Judged(row.Provider, row.Verdict);
            }

            return [.. deliveries.Select(one => one.Row.Id)];
        }
        catch (UniqueViolationException e) when (e.Constraint == Constraints.WebhookDelivery && deliveries.Count == 1)
        {
            return [await KnownAsync(deliveries[0].Row)];
        }
    }

    private async Task AddAsync(Store store, IReadOnlyList<Arrived> deliveries)
    {
        foreach (var (row, asks) in deliveries.Where(one => one.Row.Verdict == WebhookVerdict.Pending))
        {
            await EnqueueAsync(store, row.Id, CancellationToken.None, asks);
        }

        store.WebhookDeliveries.AddRange(deliveries.Select(one => one.Row));
    }

    private Task<Guid> KnownAsync(WebhookDeliveryRow row) =>
        _stores.ReadAsync(store =>
            store
                .WebhookDeliveries.Where(known => known.Provider == row.Provider && known.DeliveryId == row.DeliveryId)
                .Select(known => known.Id)
                .FirstAsync()
        );

    /// <summary>Has a delivery done again, as if it had come just now.</summary>
    public async Task<Outcome<WebhookDeliveryRow>> ReplayAsync(Guid id, CancellationToken cancellation)
    {
        if (_access.Refused() is { } refused)
        {
            return refused;
        }

        var outcome = await _stores.TransactAsync<Outcome<WebhookDeliveryRow>>(
            async store =>
            {
                var row = await store.WebhookDeliveries.FindAsync([id], cancellation);
                if ((row is null ? DeliveryProblems.Missing(id) : NothingToDo(row)) is { } problem)
                {
                    return problem;
                }

                await EnqueueAsync(store, id, cancellation);
                row!.Verdict = WebhookVerdict.Pending;
                row.Reason = "";
                row.ProcessedAt = null;
                row.Replays++;
                return row;
            },
            cancellation
        );
        _queue.Wake();
        return outcome;
    }

    private static Problem? NothingToDo(WebhookDeliveryRow row) =>
        row.Body.Length > 0
            ? null
            : new Problem(
                ProblemKind.Conflict,
                $"There is nothing to do again: the event {row.Event} is not about a pull request, and its body was not kept."
            );

    private Task EnqueueAsync(Store store, Guid id, CancellationToken cancellation, string? asks = null) =>
        _queue.EnqueueAsync(
            store,
            WorkKinds.Delivery,
            id.ToString(),
            _time.GetUtcNow(),
            cancellation: cancellation,
            traceParent: asks
        );

    /// <summary>Of an event that nobody is going to read, the body is not kept.</summary>
    private WebhookDeliveryRow RowOf(IWebhookProvider provider, DeliveryStamp stamp, string contentType, byte[] body)
    {
        var now = _time.GetUtcNow();
        var concerns = provider.Concerns(stamp.Event);
        return new WebhookDeliveryRow
        {
            Id = Guid.CreateVersion7(now),
            Provider = provider.Name,
            DeliveryId = stamp.Id,
            Event = stamp.Event,
            ContentType = contentType,
            Body = concerns ? body : [],
            Size = body.Length,
            ReceivedAt = now,
            Verdict = concerns ? WebhookVerdict.Pending : WebhookVerdict.Ignored,
            Reason = concerns ? "" : ((WebhookEvent.Other)provider.Parse(stamp.Event, body)).Why,
            ProcessedAt = concerns ? null : now,
        };
    }

    /// <param name="TraceParent">The span of its request; whoever commits may be another one. Empty: none.</param>
    private sealed record Arrived(WebhookDeliveryRow Row, string TraceParent);
}
