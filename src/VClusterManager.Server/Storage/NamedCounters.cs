using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Numbers that only rise, each under a name. Whoever raised one holds it until the commit, so others see it together with
/// what it counts.
/// </summary>
internal static class NamedCounters
{
    /// <summary>Raises it, from 0 when there was none, and gives the new value.</summary>
    public static async Task<long> RaiseAsync(Store store, string name, long by, CancellationToken cancellation) =>
        (
            await store
                .Database.SqlQuery<long>(
                    $"""
                    INSERT INTO counters (name, value) VALUES ({name}, {by})
                    ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value
                    RETURNING value
                    """
                )
                .ToListAsync(cancellation)
        )[0];

    /// <summary>The newest value that is visible; 0: there was none yet.</summary>
    public static async Task<long> ReadAsync(Store store, string name, CancellationToken cancellation) =>
        await store.Counters.Where(c => c.Name == name).Select(c => (long?)c.Value).FirstOrDefaultAsync(cancellation)
        ?? 0;
}
