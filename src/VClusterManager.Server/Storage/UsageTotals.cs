using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <summary>
/// What the spans add up to that are kept no longer, in ticks by kind and source: counters must not fall when old spans are
/// thrown away.
/// </summary>
internal static class UsageTotals
{
    /// <summary>Of the names of counters: <c>usage:run:api</c>.</summary>
    public const string Prefix = "usage:";

    /// <summary>What the names of the counters of one kind begin with; the source follows.</summary>
    public static string StartOf(UsageKind kind) => $"{Prefix}{kind.ToString().ToLowerInvariant()}:";

    /// <summary>Throws spans away, and keeps what they add up to.</summary>
    /// <param name="store">In a transaction, as one must not happen without the other.</param>
    /// <param name="spans">Those to be thrown away. They have ended.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<int> FoldAsync(Store store, IQueryable<UsageSpanRow> spans, CancellationToken cancellation)
    {
        var old = await spans.AsNoTracking().ToListAsync(cancellation);
        foreach (var sum in old.GroupBy(span => StartOf(span.Kind) + span.Source))
        {
            var ticks = sum.Sum(span => (span.EndedAt!.Value - span.StartedAt).Ticks);
            await NamedCounters.RaiseAsync(store, sum.Key, ticks, cancellation);
        }

        var ids = old.ConvertAll(span => span.Id);
        var gone = await store.UsageSpans.Where(span => ids.Contains(span.Id)).ExecuteDeleteAsync(cancellation);
        // Another server was throwing the same ones away: theirs is the sum that stays.
        return gone == old.Count ? gone : throw new DbUpdateConcurrencyException("Another server purges usage.");
    }
}
