using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>The few questions about clusters that more than one place puts to the database.</summary>
internal static class ClusterQueries
{
    /// <summary>The operations that have not ended, oldest first: the first one drives.</summary>
    public static Task<List<OperationRow>> ActiveOperationsAsync(
        this Store store,
        Guid cluster,
        CancellationToken cancellation
    ) =>
        store
            .Operations.Where(o =>
                o.ClusterId == cluster && (o.State == OperationState.Queued || o.State == OperationState.Running)
            )
            .OrderBy(o => o.Generation)
            .ToListAsync(cancellation);

    /// <summary>The newest operation when it ended badly, so that a retry can repeat it; null when there is none.</summary>
    public static async Task<OperationKind?> LastFailureAsync(
        this Store store,
        Guid cluster,
        CancellationToken cancellation
    )
    {
        var last = await store
            .Operations.Where(o => o.ClusterId == cluster)
            .OrderByDescending(o => o.Generation)
            .ThenByDescending(o => o.CreatedAt)
            .Select(o => new { o.Kind, o.State })
            .FirstOrDefaultAsync(cancellation);
        return last is { State: OperationState.Failed or OperationState.Cancelled } ? last.Kind : null;
    }
}
