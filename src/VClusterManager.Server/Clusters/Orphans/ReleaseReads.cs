using System.Collections.Concurrent;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// Tells which of the host's Helm releases this manager has installed. The labels do not say, so each is read: once, as
/// long as it is the same, since a host may hold many of other charts, and each is large.
/// </summary>
internal sealed class ReleaseReads(HostView view, HostReads reads, ManagerOptions options)
{
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<(string Uid, string Status), Mark> _known = [];

    /// <summary>Those without a workload.</summary>
    public async Task<Outcome<OwnRelease[]>> WithoutWorkloadAsync(CancellationToken cancellation)
    {
        var all = view.Releases().Where(seen => seen.Workload is null).ToList();
        Forget(all);
        ConcurrentBag<OwnRelease> ours = [];
        Problem? unreadable = null;
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (seen, stop) =>
            {
                var mark = await MarkAsync(seen, stop);
                if (mark.Problem is { } problem)
                {
                    Interlocked.CompareExchange(ref unreadable, problem, null);
                }
                else if (mark.Value.IsOurs)
                {
                    ours.Add(new OwnRelease(seen.Key, seen.Releases[0], mark.Value.Id));
                }
            }
        );
        return unreadable is null ? ours.ToArray() : unreadable;
    }

    private async Task<Outcome<Mark>> MarkAsync(ObservedCluster seen, CancellationToken cancellation)
    {
        var newest = seen.Releases[0];
        if (_known.TryGetValue((newest.Uid, newest.Status), out var known))
        {
            return known;
        }
        var mark = await reads.ReleaseAsync(seen.Key, newest, cancellation) switch
        {
            HostAnswer<HelmReleaseContent>.Found found => MarkOf(found.Value),
            // Not Helm's own writing, or gone by now: not ours to know.
            HostAnswer<HelmReleaseContent>.Unreadable { Garbled: true } or HostAnswer<HelmReleaseContent>.Missing =>
                default(Mark),
            HostAnswer<HelmReleaseContent>.Unreadable unreadable => HostProblems.Unreadable(unreadable.Reason),
            _ => throw new InvalidOperationException("An answer without a meaning."),
        };
        if (mark.Problem is null)
        {
            _known[(newest.Uid, newest.Status)] = mark.Value;
        }
        return mark;
    }

    private Outcome<Mark> MarkOf(HelmReleaseContent release) =>
        new Mark(
            ReleaseStamps.IsOurs(release, options.Server.Instance),
            Guid.TryParse(ReleaseStamps.IdIn(release.Values), out var id) ? id : null
        );

    private void Forget(List<ObservedCluster> all)
    {
        var there = all.Select(seen => (seen.Releases[0].Uid, seen.Releases[0].Status)).ToHashSet();
        foreach (var gone in _known.Keys.Where(key => !there.Contains(key)))
        {
            _known.TryRemove(gone, out _);
        }
    }

    private readonly record struct Mark(bool IsOurs, Guid? Id);
}
