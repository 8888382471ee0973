using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// The clusters in memory, for reads that never wait. The database is the truth; this follows it: every commit of this
/// process is published here, and <see cref="ReloadAsync"/> brings in what others did.
/// </summary>
internal sealed class ClusterView(StoreFactory stores)
{
    /// <summary>What is told of a cluster after its end comes within seconds: by then no more than these have ended.</summary>
    private const int MostGone = 10_000;

    private readonly ConcurrentDictionary<Guid, ClusterSnapshot> _byId = [];
    private readonly ConcurrentDictionary<NamespacedName, Guid> _byKey = [];
    private readonly NameIndex<Guid> _byName = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Gone> _gone = [];
    private readonly Queue<Guid> _goneInOrder = [];
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>As they are met: unlike <c>Values</c>, enumerating neither locks nor copies.</summary>
    public IEnumerable<ClusterSnapshot> All => _byId.Select(entry => entry.Value);

    public ClusterSnapshot? Find(Guid id) => _byId.GetValueOrDefault(id);

    public ClusterSnapshot? Find(NamespacedName key) => _byKey.TryGetValue(key, out var id) ? Find(id) : null;

    /// <summary>Those of that name: one in each namespace at most.</summary>
    public IEnumerable<ClusterSnapshot> Named(string name) => _byName.Of(name).Select(Find).OfType<ClusterSnapshot>();

    /// <summary>When its delete ended, if that was lately and it has not come back; else <see langword="null"/>.</summary>
    public DateTimeOffset? WhenDeleted(Guid id)
    {
        lock (_gate)
        {
            return _gone.TryGetValue(id, out var gone) && Find(id) is null ? gone.At : null;
        }
    }

    /// <summary>Takes what was just committed. An older state that comes late never replaces a newer one.</summary>
    public void Publish(ClusterSnapshot snapshot)
    {
        var row = snapshot.Row;
        lock (_gate)
        {
            if (!IsNewer(row))
            {
                return;
            }
            if (row.DeletedAt is not null)
            {
                Remove(snapshot);
            }
            else
            {
                _byId[row.Id] = snapshot;
                _byKey[snapshot.Key] = row.Id;
                _byName.Add(row.Name, row.Id);
            }
        }
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    /// <summary>One that was deleted can come back: by a newer state than its last one.</summary>
    private bool IsNewer(ClusterRow row) =>
        !(_gone.TryGetValue(row.Id, out var last) && last.Version >= row.RowVersion)
        && !(Find(row.Id)?.Row.RowVersion > row.RowVersion);

    private void Remove(ClusterSnapshot snapshot)
    {
        var id = snapshot.Row.Id;
        _byId.TryRemove(id, out _);
        _byKey.TryRemove(KeyValuePair.Create(snapshot.Key, id));
        _byName.Remove(snapshot.Row.Name, id);
        var known = _gone.TryGetValue(id, out var last);
        _gone[id] = new Gone(Math.Max(last.Version, snapshot.Row.RowVersion), snapshot.Row.DeletedAt ?? last.At);
        if (known)
        {
            return;
        }
        _goneInOrder.Enqueue(id);
        if (_goneInOrder.Count > MostGone)
        {
            _gone.Remove(_goneInOrder.Dequeue());
        }
    }

    /// <summary>Waits for the next publication; get it before looking, so that nothing is missed.</summary>
    public Task NextChange() => _changed.Task;

    /// <summary>Reads all clusters again, and forgets those that are no longer there.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        await using var store = stores.Open();
        var snapshots = await ClusterSnapshot.ReadAsync(
            store,
            store.Clusters.Where(c => c.DeletedAt == null),
            cancellation
        );
        foreach (var snapshot in snapshots)
        {
            Publish(snapshot);
        }
        var there = snapshots.Select(s => s.Row.Id).ToHashSet();
        foreach (var gone in All.Where(s => !there.Contains(s.Row.Id)).ToList())
        {
            await ForgetAsync(store, gone, cancellation);
        }
    }

    /// <summary>Forgets it unless it was made while the others were being read.</summary>
    private async Task ForgetAsync(Store store, ClusterSnapshot gone, CancellationToken cancellation)
    {
        var row = await store.Clusters.AsNoTracking().FirstOrDefaultAsync(c => c.Id == gone.Row.Id, cancellation);
        if (row?.DeletedAt is not null || row is null)
        {
            lock (_gate)
            {
                Remove(row is null ? gone : gone with { Row = row });
            }
            Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
        }
    }

    /// <param name="Version">The last that was seen of its row.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Gone(long Version, DateTimeOffset? At);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
