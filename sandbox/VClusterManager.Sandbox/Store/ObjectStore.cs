using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Store;

/// <summary>
/// The objects of one cluster. Every change gets the next number of one counter, which is the object's
/// resourceVersion, and reaches the watchers in that order. Knows nothing of what the objects mean.
/// </summary>
internal sealed class ObjectStore(int logCapacity = ObjectStore.DefaultLogCapacity)
{
    public const int DefaultLogCapacity = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Group, string Plural), Shelf> _shelves = [];
    private readonly List<Action<ResourceDefinition, Change>> _observers = [];
    private long _version;

    public long Version => Interlocked.Read(ref _version);

    public StoredObject? Find(ResourceDefinition resource, string ns, string name)
    {
        lock (_lock)
        {
            return ShelfOf(resource).Find(ns, name);
        }
    }

    /// <summary>The objects in key order, and the version of the store at which this is what there was.</summary>
    public Snapshot List(ResourceDefinition resource, string? ns = null)
    {
        lock (_lock)
        {
            return new Snapshot([.. ShelfOf(resource).All(ns)], _version);
        }
    }

    /// <summary>The objects as they were at an earlier version; null when that is forgotten.</summary>
    public Snapshot? ListAt(ResourceDefinition resource, string? ns, long version)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            return shelf.Log.Covers(version) ? new Snapshot(Rewind(shelf, ns, version), version) : null;
        }
    }

    /// <summary>Stores a new object; null when there is one of that name.</summary>
    public StoredObject? TryCreate(ResourceDefinition resource, JsonObject json)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            var metadata = json.Object("metadata");
            if (shelf.Find(metadata.Text("namespace") ?? "", metadata.Text("name") ?? "") is not null)
            {
                return null;
            }

            var stored = Stamp(json);
            Apply(resource, shelf, new Change(ChangeKind.Added, stored, null));
            return stored;
        }
    }

    /// <summary>Stores the next version of an object; null when <paramref name="current"/> is no longer the latest.</summary>
    public StoredObject? TryUpdate(ResourceDefinition resource, StoredObject current, JsonObject json)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            if (shelf.Find(current.Namespace, current.Name)?.Version != current.Version)
            {
                return null;
            }

            var stored = Stamp(json);
            Apply(resource, shelf, new Change(ChangeKind.Modified, stored, current));
            return stored;
        }
    }

    /// <summary>Removes an object; null when <paramref name="current"/> is no longer the latest.</summary>
    public StoredObject? TryDelete(ResourceDefinition resource, StoredObject current)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            if (shelf.Find(current.Namespace, current.Name)?.Version != current.Version)
            {
                return null;
            }

            var last = Stamp(current.Json.Copy());
            Apply(resource, shelf, new Change(ChangeKind.Deleted, last, current));
            return last;
        }
    }

    /// <summary>What is there now, and every change from then on.</summary>
    public (Snapshot Initial, Subscription Subscription) WatchFromNow(ResourceDefinition resource, string? ns = null)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            return (new Snapshot([.. shelf.All(ns)], _version), Subscribe(shelf, ns));
        }
    }

    /// <summary>Every change after a version; null when that is forgotten.</summary>
    public Subscription? WatchFrom(ResourceDefinition resource, string? ns, long version)
    {
        lock (_lock)
        {
            var shelf = ShelfOf(resource);
            if (!shelf.Log.Covers(version))
            {
                return null;
            }

            var subscription = Subscribe(shelf, ns);
            foreach (var change in shelf.Log.After(version))
            {
                subscription.Offer(change);
            }

            return subscription;
        }
    }

    /// <summary>
    /// Tells of every change, beginning with what is there as if it were new. Called under the lock: quick work only.
    /// </summary>
    public void Observe(Action<ResourceDefinition, Change> observer)
    {
        lock (_lock)
        {
            Visit(observer);
            _observers.Add(observer);
        }
    }

    /// <summary>Tells of everything that is there as if it were new.</summary>
    public void Visit(Action<ResourceDefinition, Change> observer)
    {
        lock (_lock)
        {
            foreach (var resource in ResourceCatalog.InStore)
            {
                foreach (var stored in ShelfOf(resource).All(null).ToList())
                {
                    observer(resource, new Change(ChangeKind.Added, stored, null));
                }
            }
        }
    }

    /// <summary>Forgets all history, so that old versions are answered with "too old".</summary>
    public void Compact()
    {
        lock (_lock)
        {
            foreach (var shelf in _shelves.Values)
            {
                shelf.Log.Compact(_version);
            }
        }
    }

    /// <summary>Puts back what an earlier run of the program had, with the versions it had.</summary>
    public void Restore(long version, IEnumerable<(ResourceDefinition Resource, JsonObject Json)> objects)
    {
        lock (_lock)
        {
            _version = version;
            foreach (var (resource, json) in objects)
            {
                var own = long.Parse(json.Text("metadata", "resourceVersion") ?? "0", CultureInfo.InvariantCulture);
                ShelfOf(resource).Put(new StoredObject(json, own));
            }

            foreach (var shelf in _shelves.Values)
            {
                shelf.Log.Compact(version);
            }
        }
    }

    private void Apply(ResourceDefinition resource, Shelf shelf, Change change)
    {
        shelf.Apply(change);
        foreach (var observer in _observers)
        {
            observer(resource, change);
        }
    }

    private static List<StoredObject> Rewind(Shelf shelf, string? ns, long version)
    {
        var then = new SortedDictionary<string, StoredObject>(StringComparer.Ordinal);
        foreach (var stored in shelf.All(ns))
        {
            then[KeyOf(stored)] = stored;
        }

        foreach (
            var change in shelf
                .Log.After(version)
                .Where(change => ns is null || change.Object.Namespace == ns)
                .Reverse()
        )
        {
            if (change.Previous is { } previous)
            {
                then[KeyOf(previous)] = previous;
            }
            else
            {
                then.Remove(KeyOf(change.Object));
            }
        }

        return [.. then.Values];
    }

    private static string KeyOf(StoredObject stored) => $"{stored.Namespace}/{stored.Name}";

    private static Subscription Subscribe(Shelf shelf, string? ns, Lock storeLock)
    {
        var subscription = new Subscription(
            ns,
            gone =>
            {
                lock (storeLock)
                {
                    shelf.Unsubscribe(gone);
                }
            }
        );
        shelf.Subscribe(subscription);
        return subscription;
    }

    private Subscription Subscribe(Shelf shelf, string? ns) => Subscribe(shelf, ns, _lock);

    private StoredObject Stamp(JsonObject json)
    {
        var version = ++_version;
        json.Ensure("metadata")["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(json, version);
    }

    private Shelf ShelfOf(ResourceDefinition resource)
    {
        var key = (resource.Group, resource.Plural);
        if (!_shelves.TryGetValue(key, out var shelf))
        {
            _shelves[key] = shelf = new Shelf(logCapacity);
            shelf.Log.Compact(0);
        }

        return shelf;
    }
}

/// <summary>Objects as they were at one version of the store.</summary>
internal sealed record Snapshot(IReadOnlyList<StoredObject> Objects, long Version);
