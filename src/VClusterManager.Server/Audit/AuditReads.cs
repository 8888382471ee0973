using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Storage;
using AuditResult = VClusterManager.Server.Storage.AuditResult;

namespace VClusterManager.Server.Audit;

/// <summary>Which entries are asked for; what is null narrows nothing.</summary>
/// <param name="Cluster">The name of a cluster that something was done to.</param>
/// <param name="Since">From then on.</param>
/// <param name="Until">Before then.</param>
internal sealed record AuditFilter(
    string? Principal,
    string? Action,
    string? Namespace,
    string? Cluster,
    AuditResult? Result,
    DateTimeOffset? Since,
    DateTimeOffset? Until
)
{
    private const string ClusterActions = "cluster.";

    public IQueryable<AuditRow> Of(IQueryable<AuditRow> all)
    {
        // One by one, so that what is not asked for is not in the query: the index is by time.
        all = Principal is null ? all : all.Where(row => row.Principal == Principal);
        all = Action is null ? all : all.Where(row => row.Action == Action);
        all = Namespace is null ? all : all.Where(row => row.Namespace == Namespace);
        all = Cluster is null ? all : all.Where(row => row.Target == Cluster && row.Action.StartsWith(ClusterActions));
        all = Result is null ? all : all.Where(row => row.Result == Result);
        all = Since is null ? all : all.Where(row => row.At >= Since);
        return Until is null ? all : all.Where(row => row.At < Until);
    }

    /// <summary>No database holds such text, and PostgreSQL does not even let one ask.</summary>
    public bool CanMatch =>
        new[] { Principal, Action, Namespace, Cluster }.All(text => text is null || StorableText.Clean(text) == text);
}

/// <summary>Reads the audit, the newest entry first.</summary>
internal sealed class AuditReads(StoreFactory stores, AuditLog log)
{
    /// <summary>With all that was answered before it was asked for.</summary>
    public async Task<Outcome<AuditList>> ListAsync(
        AuditFilter filter,
        PageRequest page,
        CancellationToken cancellation
    )
    {
        if (!filter.CanMatch)
        {
            return new AuditList([], NextCursor: null, Total: 0);
        }
        TimePlace? after = null;
        if (page.After is not null && (after = TimePlace.Read(page.After)) is null)
        {
            return PageRequest.BadCursor;
        }
        await log.FlushAsync(cancellation);
        return await stores.ReadAsync<Outcome<AuditList>>(async store =>
        {
            var all = filter.Of(store.Audit.AsNoTracking());
            var total = await all.CountAsync(cancellation);
            if (after is { At: var at, Id: var id })
            {
                all = all.Where(row => row.At < at || (row.At == at && row.Id < id));
            }
            var rows = await all.OrderByDescending(row => row.At)
                .ThenByDescending(row => row.Id)
                .Take(page.Limit + 1)
                .ToListAsync(cancellation);
            var next =
                rows.Count > page.Limit
                    ? new TimePlace(rows[page.Limit - 1].At, rows[page.Limit - 1].Id).ToCursor()
                    : null;
            return new AuditList([.. rows.Take(page.Limit).Select(AuditProjection.Of)], next, total);
        });
    }
}
