using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// What only one transaction may be at, on whichever server, until it ends. SQLite has one writer at a time as it is.
/// </summary>
internal static class TransactionLocks
{
    private const long Count = 0x76636D636F756E74;

    /// <summary>Who counts clusters before adding one: two that count at once would both find room.</summary>
    public static async Task LockCountAsync(this Store store, CancellationToken cancellation)
    {
        if (store.Database.IsNpgsql())
        {
            await store.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Count})", cancellation);
        }
    }
}
