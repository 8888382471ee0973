using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Usage;

/// <summary>What clusters cost, and what was saved: adds up spans of time.</summary>
internal sealed class UsageReads(StoreFactory stores)
{
    /// <summary>Those that the caller may see, between two times.</summary>
    public async Task<UsageReport> ReadAsync(
        UsageGrouping by,
        DateTimeOffset from,
        DateTimeOffset to,
        DateTimeOffset now,
        Principal who,
        CancellationToken cancellation
    )
    {
        var sums = await stores.ReadAsync(async store =>
        {
            UsageSums sums = new(by, from, to, now);
            // A year of them: each is added as it comes, and none is kept.
            var spans = store
                .UsageSpans.AsNoTracking()
                .Where(span => span.StartedAt < to && (span.EndedAt == null || span.EndedAt > from))
                .AsAsyncEnumerable();
            await foreach (var span in spans.WithCancellation(cancellation))
            {
                if (who.MaySee(span.Namespace, span.Owner))
                {
                    sums.Add(span);
                }
            }
            return sums;
        });
        return sums.Report();
    }
}

/// <summary>What is added up together.</summary>
internal enum UsageGrouping
{
    /// <summary>Whoever made the clusters.</summary>
    Owner,

    /// <summary>The door they came through.</summary>
    Source,

    /// <summary>Where they live.</summary>
    Namespace,

    /// <summary>Each for itself.</summary>
    Cluster,
}
