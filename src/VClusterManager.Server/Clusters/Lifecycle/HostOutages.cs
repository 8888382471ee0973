using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Since when the host can be read without a break. Time in which it could not, and time in which this server did not
/// run, does not count against anybody.
/// </summary>
internal sealed class HostOutages
{
    private readonly HostView _view;
    private readonly TimeProvider _time;
    private long _freshSince;
    private volatile bool _fresh;

    public HostOutages(HostView view, TimeProvider time)
    {
        _view = view;
        _time = time;
        _freshSince = time.GetUtcNow().UtcTicks;
        view.FreshnessChanged += Look;
        Look();
    }

    public DateTimeOffset FreshSince => new(Interlocked.Read(ref _freshSince), TimeSpan.Zero);

    private void Look()
    {
        var freshness = _view.Freshness;
        var fresh = freshness.Synced && !freshness.Stale;
        if (fresh && !_fresh)
        {
            Interlocked.Exchange(ref _freshSince, _time.GetUtcNow().UtcTicks);
        }
        _fresh = fresh;
    }
}
