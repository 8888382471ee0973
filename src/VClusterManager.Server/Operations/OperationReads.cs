using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Operations;

/// <summary>Lists of operations and histories, from the database, page by page.</summary>
internal sealed class OperationReads(StoreFactory stores, ClusterReads clusters)
{
    public Task<Outcome<OperationList>> ListAsync(
        string? cluster,
        string? @namespace,
        OperationState? state,
        PageRequest page,
        Principal who,
        CancellationToken cancellation
    ) =>
        stores.ReadAsync<Outcome<OperationList>>(async store =>
        {
            if (!ClusterReference.IsAskable(cluster) || !ClusterReference.IsAskable(@namespace))
            {
                return new OperationList([], null, 0);
            }
            var all = SeenBy
                .Operations(store, who)
                .Where(o => cluster == null || o.ClusterName == cluster)
                .Where(o => @namespace == null || o.Namespace == @namespace)
                .Where(o => state == null || o.State == state);
            var total = await all.CountAsync(cancellation);
            if (page.After is not null)
            {
                if (TimePlace.Read(page.After) is not { At: var at, Id: var id })
                {
                    return PageRequest.BadCursor;
                }
                all = all.Where(o => o.CreatedAt < at || (o.CreatedAt == at && o.Id < id));
            }
            var rows = await all.OrderByDescending(o => o.CreatedAt)
                .ThenByDescending(o => o.Id)
                .Take(page.Limit + 1)
                .ToListAsync(cancellation);
            var next =
                rows.Count > page.Limit
                    ? new TimePlace(rows[page.Limit - 1].CreatedAt, rows[page.Limit - 1].Id).ToCursor()
                    : null;
            return new OperationList(
                [.. rows.Take(page.Limit).Select(o => OperationProjection.Of(o, clusters.QueuePosition(o)))],
                next,
                total
            );
        });

    /// <summary>Operations and events of the newest cluster of that name, merged, newest first.</summary>
    public Task<Outcome<HistoryList>> HistoryAsync(
        ClusterReference which,
        PageRequest page,
        Principal who,
        CancellationToken cancellation
    ) =>
        stores.ReadAsync<Outcome<HistoryList>>(async store =>
        {
            if (!which.CanExist)
            {
                return new Problem(ProblemKind.NotFound, "There is no cluster of that name.");
            }
            var rows = await SeenBy
                .Of(store.Clusters.AsNoTracking(), who)
                .Where(c => c.Name == which.Name && (which.Namespace == null || c.Namespace == which.Namespace))
                .OrderBy(c => c.DeletedAt != null)
                .ThenByDescending(c => c.CreatedAt)
                .Take(20)
                .ToListAsync(cancellation);
            if (rows.Count == 0)
            {
                return new Problem(ProblemKind.NotFound, $"There is no cluster {which.Name}, and none is remembered.");
            }
            if (rows.Count(r => r.DeletedAt is null) > 1)
            {
                return ClusterPlaces.Ambiguous(
                    which.Name,
                    rows.Where(r => r.DeletedAt is null).Select(r => r.Namespace).Order(StringComparer.Ordinal)
                );
            }
            return await HistoryAsync(store, rows[0].Id, page, cancellation);
        });

    private async Task<Outcome<HistoryList>> HistoryAsync(
        Store store,
        Guid cluster,
        PageRequest page,
        CancellationToken cancellation
    )
    {
        var operations = await store
            .Operations.AsNoTracking()
            .Where(o => o.ClusterId == cluster)
            .ToListAsync(cancellation);
        var events = await store
            .ClusterEvents.AsNoTracking()
            .Where(e => e.ClusterId == cluster)
            .ToListAsync(cancellation);
        var all = operations
            .Select(o => (Place: new TimePlace(o.CreatedAt, o.Id), Entry: Entry(o)))
            .Concat(
                events.Select(e =>
                    (
                        Place: new TimePlace(e.At, e.Id),
                        Entry: new HistoryEntry(e.At, e.Reason, e.Message, e.Actor, null)
                    )
                )
            );
        var shown = TimePlace.Page(all, entry => entry.Place, page);
        return shown.Problem is { } problem
            ? problem
            : new HistoryList(
                [.. shown.Value.Entries.Select(entry => entry.Entry)],
                shown.Value.Next,
                operations.Count + events.Count
            );
    }

    private HistoryEntry Entry(OperationRow row) =>
        new(
            row.CreatedAt,
            row.Kind.ToString(),
            row.Message.Length == 0 ? $"{row.Kind}: {row.State.ToString().ToLowerInvariant()}." : row.Message,
            row.CreatedBy,
            OperationProjection.Of(row, clusters.QueuePosition(row))
        );
}
