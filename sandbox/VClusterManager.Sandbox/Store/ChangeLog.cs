namespace VClusterManager.Sandbox.Store;

/// <summary>The latest changes of one resource, oldest first, so that watchers can resume and pages stay consistent.</summary>
internal sealed class ChangeLog(int capacity)
{
    private readonly Queue<Change> _changes = new();

    /// <summary>Changes up to and including this version may have been forgotten.</summary>
    public long ForgottenUpTo { get; private set; }

    public void Add(Change change)
    {
        _changes.Enqueue(change);
        if (_changes.Count > capacity)
        {
            ForgottenUpTo = _changes.Dequeue().Version;
        }
    }

    public IEnumerable<Change> After(long version) => _changes.Where(change => change.Version > version);

    public bool Covers(long version) => version >= ForgottenUpTo;

    /// <summary>Forgets everything, as a compaction of the real store does.</summary>
    public void Compact(long version)
    {
        _changes.Clear();
        ForgottenUpTo = version;
    }
}
