using VClusterManager.Server.Kubernetes.Watching;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Tells from the health of all watches how far the cache can be trusted.</summary>
internal sealed class HostFreshnessGauge
{
    /// <summary>A watch that is not well for this long makes the cache stale.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<WatchHealth> _watches = [];
    private (bool Synced, bool Stale) _told;

    /// <summary>Synced or stale have changed.</summary>
    public event Action? Changed;

    /// <summary>Ends with the first list of the last watch.</summary>
    public Task Synced => _synced.Task;

    public HostFreshness Now
    {
        get
        {
            var watches = _watches;
            var synced = watches.Count > 0 && watches.All(w => w.Synced);
            var worst = watches
                .Select(w => w.Failing)
                .OfType<(TimeSpan Age, string Problem)>()
                .OrderByDescending(f => f.Age);
            if (worst.FirstOrDefault() is not { Problem: { } problem, Age: var age })
                return new HostFreshness(synced, Stale: false, TimeSpan.Zero, null);
            var stale = age > Patience;
            // Before the first sync even a young problem is worth to be told: it is what one waits for.
            return stale || !synced
                ? new HostFreshness(synced, stale, age, problem)
                : new HostFreshness(synced, Stale: false, TimeSpan.Zero, null);
        }
    }

    public void Watch(IReadOnlyList<WatchHealth> watches) => _watches = watches;

    /// <summary>To be called now and then, since time alone makes stale.</summary>
    public void Reconsider()
    {
        var now = Now;
        lock (_gate)
        {
            if (_told == (now.Synced, now.Stale))
                return;
            _told = (now.Synced, now.Stale);
        }

        if (now.Synced)
            _synced.TrySetResult();
        Changed?.Invoke();
    }
}
