using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>A cluster's row and the operation that drives it, as they were committed. Never changed once published.</summary>
internal sealed record ClusterSnapshot(ClusterRow Row, OperationRow? Operation)
{
    public NamespacedName Key => new(Row.Namespace, Row.Name);

    public bool HasActiveOperation => Operation is { State: OperationState.Queued or OperationState.Running };

    /// <summary>
    /// The row version that a row begins with whose id an earlier row may have had, which is gone: versions count saves,
    /// so none that memory may still have heard of is as high.
    /// </summary>
    public static long VersionAfterAll(DateTimeOffset now) => now.UtcTicks;

    /// <summary>Reads clusters, each with the operation that drives it.</summary>
    public static async Task<IReadOnlyList<ClusterSnapshot>> ReadAsync(
        Store store,
        IQueryable<ClusterRow> which,
        CancellationToken cancellation
    )
    {
        // One statement: between two, an operation may end, and a row that knows nothing of it would look settled.
        var found = await which
            .AsNoTracking()
            .Select(row => new
            {
                Row = row,
                Active = store
                    .Operations.Where(o => o.ClusterId == row.Id)
                    .Where(o => o.State == OperationState.Queued || o.State == OperationState.Running)
                    .OrderBy(o => o.Generation)
                    .ToList(),
            })
            .AsSingleQuery()
            .ToListAsync(cancellation);
        return found.ConvertAll(one => new ClusterSnapshot(one.Row, Driver(one.Row, one.Active)));
    }

    /// <summary>The operation that drives: a delete before all others, else the oldest.</summary>
    /// <param name="active">Those that have not ended, the oldest first.</param>
    public static OperationRow? Driver(ClusterRow row, IReadOnlyList<OperationRow> active) =>
        (row.Desired == DesiredState.Deleted ? active.FirstOrDefault(o => o.Kind == OperationKind.Delete) : null)
        ?? (active.Count > 0 ? active[0] : null);
}
