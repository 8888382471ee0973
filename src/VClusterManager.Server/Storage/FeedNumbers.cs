using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Numbers the changes of a transaction as its last act. The counter is a row: whoever raised it holds it until the
/// commit, so numbers become visible in their order, without gaps. A sequence of PostgreSQL would not do: it hands out
/// numbers before commits that overtake each other, and a reader that asks for "greater than the last" would miss some.
/// </summary>
internal static class FeedNumbers
{
    private const string Counter = "feed";

    /// <summary>A number to be known by until the transaction ends.</summary>
    private static long s_provisional;

    public static long Provisional() => Interlocked.Decrement(ref s_provisional);

    /// <summary>Takes what was added to the feed out of the store, so that everything else is saved first.</summary>
    public static List<FeedRow> TakeFrom(Store store)
    {
        var added = store.ChangeTracker.Entries<FeedRow>().Where(e => e.State == EntityState.Added).ToList();
        foreach (var entry in added)
        {
            entry.State = EntityState.Detached;
        }
        return [.. added.Select(e => e.Entity).OrderByDescending(row => row.Id)];
    }

    /// <summary>Saves them with their numbers. Nothing may be locked after this.</summary>
    public static async Task AppendAsync(Store store, List<FeedRow> rows, CancellationToken cancellation)
    {
        var last = await NamedCounters.RaiseAsync(store, Counter, rows.Count, cancellation);
        var first = last - rows.Count + 1;
        store.Feed.AddRange(
            rows.Select(
                (row, i) =>
                    new FeedRow
                    {
                        Id = first + i,
                        At = row.At,
                        Type = row.Type,
                        ClusterId = row.ClusterId,
                        Namespace = row.Namespace,
                        Name = row.Name,
                        Owner = row.Owner,
                        Data = row.Data,
                    }
            )
        );
        await store.SaveChangesAsync(cancellation);
    }

    /// <summary>The newest number that is visible; 0: none yet.</summary>
    public static Task<long> NewestAsync(Store store, CancellationToken cancellation) =>
        NamedCounters.ReadAsync(store, Counter, cancellation);
}
