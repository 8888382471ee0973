namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>How one watch does. Written by its loop, read by all.</summary>
/// <param name="heartbeat">It is well only as long as it says so: bad times count from the last good one, not from the first failure.</param>
internal sealed class WatchHealth(string subject, TimeProvider time, bool heartbeat = false)
{
    private readonly Lock _gate = new();
    private long _lastGood = time.GetTimestamp();
    private string? _problem;

    public string Subject => subject;

    /// <summary>It has listed at least once.</summary>
    public bool Synced { get; private set; }

    /// <summary>Since when it has not been well; <see langword="null"/> when it is.</summary>
    public (TimeSpan Age, string Problem)? Failing
    {
        get
        {
            lock (_gate)
                return _problem is null ? null : (time.GetElapsedTime(_lastGood), _problem);
        }
    }

    public event Action? FirstListed;

    public void Listed()
    {
        Good();
        if (Synced)
            return;
        Synced = true;
        FirstListed?.Invoke();
    }

    /// <summary>A list was read, a watch stands, or an event came.</summary>
    public void Good()
    {
        lock (_gate)
        {
            _lastGood = time.GetTimestamp();
            _problem = null;
        }
    }

    public void Failed(string problem)
    {
        lock (_gate)
        {
            // Up to here all was well, however long ago the last event came.
            if (_problem is null && !heartbeat)
                _lastGood = time.GetTimestamp();
            _problem = problem;
        }
    }
}
