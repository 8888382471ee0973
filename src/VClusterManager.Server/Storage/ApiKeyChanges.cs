using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Counts the changes of API keys, so that servers which hold them in memory can ask whether to read them anew. Raised in
/// the transaction of the change, and held until its commit: who sees the number sees the change.
/// </summary>
internal static class ApiKeyChanges
{
    private const string Counter = "api_keys";

    public static async Task RaiseAsync(Store store, CancellationToken cancellation)
    {
        await NamedCounters.RaiseAsync(store, Counter, 1, cancellation);
        if (store.Database.IsNpgsql())
        {
            await store.Database.ExecuteSqlAsync($"SELECT pg_notify({StoreFactory.KeysChannel}, '')", cancellation);
        }
    }

    /// <summary>0: there was none yet.</summary>
    public static Task<long> NewestAsync(Store store, CancellationToken cancellation) =>
        NamedCounters.ReadAsync(store, Counter, cancellation);
}
