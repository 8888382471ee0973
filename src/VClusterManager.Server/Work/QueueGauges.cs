using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Work;

/// <summary>
/// What waits in the queue, and whether it may be worked off. The queue is the database's, so every server tells the same of
/// it: take the greatest, not the sum.
/// </summary>
internal sealed class QueueGauges : IGauges
{
    private readonly StoreFactory _stores;
    private readonly TimeProvider _time;
    private readonly string[] _kinds;
    private volatile IReadOnlyList<Waiting>? _waiting;

    public QueueGauges(
        StoreFactory stores,
        IEnumerable<IWorkHandler> handlers,
        WriteAccess access,
        IMeterFactory meters,
        TimeProvider time
    )
    {
        (_stores, _time) = (stores, time);
        _kinds = [.. handlers.Select(handler => handler.Kind).Order(StringComparer.Ordinal)];
        Sampled = new SampledFigures("work_queue", TimeSpan.FromSeconds(10), LookAsync);
        var meter = meters.Create(WorkMetrics.MeterName);
        meter.CreateObservableGauge(
            "vcluster_manager.work.queue.depth",
            () => Each(of => of.Count),
            "{item}",
            "Work items that are due and that nobody works on."
        );
        meter.CreateObservableGauge(
            "vcluster_manager.work.queue.age",
            () => Each(of => AgeOf(of.Oldest)),
            "s",
            "For how long the item of this kind that has waited longest has been due."
        );
        meter.CreateObservableGauge(
            "vcluster_manager.work.open",
            () => access.IsOpen ? 1 : 0,
            unit: null,
            "1 where this server may change anything: it is not read-only, and its database looks after the host."
        );
    }

    public SampledFigures Sampled { get; }

    private async Task<string?> LookAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        _waiting = await _stores.ReadAsync(store =>
            store
                .WorkItems.Where(item => item.DueAt <= now && item.ClaimedBy == null)
                .GroupBy(item => item.Kind)
                .Select(items => new Waiting(items.Key, items.Count(), items.Min(item => item.DueAt)))
                .ToListAsync(cancellation)
        );
        return null;
    }

    // A kind of which nothing waits is 0, and not away; away is what has never been looked at.
    private IEnumerable<Measurement<T>> Each<T>(Func<Waiting, T> value)
        where T : struct
    {
        if (_waiting is not { } waiting)
        {
            return [];
        }

        return _kinds.Select(kind => new Measurement<T>(
            value(waiting.FirstOrDefault(one => one.Kind == kind) ?? new Waiting(kind, 0, null)),
            Label.Of("kind", kind)
        ));
    }

    private double AgeOf(DateTimeOffset? due) =>
        due is { } since ? Math.Max(0, (_time.GetUtcNow() - since).TotalSeconds) : 0;

    private sealed record Waiting(string Kind, int Count, DateTimeOffset? Oldest);
}
