using System.Collections.Concurrent;
using System.Text.Json;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Pages of the list as they were written, for who asks the same again: dashboards and scripts do, every few seconds.
/// The story: a page is kept under the state of memory that was there before it was made; the next change of a cluster
/// or of the host throws away all of them. So a page is never older than what a new one would say. While the host is not
/// heard of nothing is kept, since what is said of that changes with the time. A page depends on what was asked and not
/// on who asks: it is for those who may see everything, and for the others each is made anew.
/// </summary>
internal sealed class ClusterPages(ClusterView clusters, HostView host)
{
    /// <summary>Some hundred pages of the usual size; more is thrown away and made again.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>What is asked with more words than this is not asked twice.</summary>
    private const int LongestQuery = 512;

    private volatile Kept? _kept;

    /// <param name="query">All that the page depends on, as it was asked.</param>
    public Outcome<TaggedBytes> Of(string query, Func<Outcome<ClusterList>> make)
    {
        var kept = Current();
        if (kept is not null && kept.Pages.TryGetValue(query, out var known))
        {
            return known;
        }
        var made = make();
        return made.Problem is { } problem ? problem : Keep(kept, query, Written(made.Value));
    }

    private static TaggedBytes Written(ClusterList list) =>
        new(JsonSerializer.SerializeToUtf8Bytes(list, ApiJson.Options));

    /// <summary>Where a page that is made now may be kept; null: nowhere.</summary>
    private Kept? Current()
    {
        var freshness = host.Freshness;
        if (!freshness.Synced || freshness.Stale)
        {
            return null;
        }
        var kept = _kept;
        if (kept is not null && kept.Holds(host))
        {
            return kept;
        }
        return _kept = new Kept(clusters.NextChange(), host.Version);
    }

    private static TaggedBytes Keep(Kept? kept, string query, TaggedBytes page)
    {
        if (
            kept is not null
            && query.Length <= LongestQuery
            && Interlocked.Add(ref kept.Bytes, page.Length) <= MostBytes
        )
        {
            kept.Pages.TryAdd(query, page);
        }
        return page;
    }

    /// <summary>The pages of one state of memory.</summary>
    private sealed class Kept(Task clustersChange, long hostVersion)
    {
        public int Bytes;

        public ConcurrentDictionary<string, TaggedBytes> Pages { get; } = new(StringComparer.Ordinal);

        public bool Holds(HostView host) => !clustersChange.IsCompleted && host.Version == hostVersion;
    }
}
