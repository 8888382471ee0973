using System.Collections.Concurrent;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// For how long clusters have been unready, as far as this server has seen. Other servers look as well, and nobody looks while
/// the host cannot be read: what was seen too long ago counts for nothing.
/// </summary>
/// <param name="limit">One that is unready for longer is overdue, and a sight that is older is forgotten.</param>
internal sealed class UnreadyTimes(TimeSpan limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Sight> _sights = [];

    /// <summary>It is unready now: whether it has been for too long.</summary>
    public bool IsOverdue(Guid cluster)
    {
        var now = time.GetUtcNow();
        foreach (var old in _sights.Where(entry => now - entry.Value.Last > limit))
        {
            _sights.TryRemove(old);
        }

        var sight = _sights.AddOrUpdate(cluster, new Sight(now, now), (_, known) => known with { Last = now });
        return now - sight.First >= limit;
    }

    /// <summary>It is something else now.</summary>
    public void Forget(Guid cluster) => _sights.TryRemove(cluster, out _);

    private sealed record Sight(DateTimeOffset First, DateTimeOffset Last);
}
