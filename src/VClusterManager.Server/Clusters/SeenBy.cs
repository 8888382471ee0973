using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// What of the database a caller may see: the same as <see cref="Principal.MaySee"/> says, asked of the database so that
/// pages and totals are right.
/// </summary>
internal static class SeenBy
{
    public static IQueryable<ClusterRow> Of(IQueryable<ClusterRow> rows, Principal who)
    {
        if (who.SeesAll)
        {
            return rows;
        }
        if (who.Limits.Namespaces is { } patterns)
        {
            // Patterns hold neither % nor _, and names of namespaces no capitals.
            string[] likes = [.. patterns.Select(pattern => pattern.Replace('*', '%'))];
            rows = rows.Where(row => likes.Any(like => EF.Functions.Like(row.Namespace, like)));
        }
        return who.Limits.OwnClusters ? rows.Where(row => row.Owner == who.Identity) : rows;
    }

    /// <summary>An operation is seen by whoever sees its cluster.</summary>
    public static IQueryable<OperationRow> Operations(Store store, Principal who)
    {
        var operations = store.Operations.AsNoTracking();
        if (who.SeesAll)
        {
            return operations;
        }
        var seen = Of(store.Clusters, who);
        return operations.Where(operation => seen.Any(row => row.Id == operation.ClusterId));
    }
}
