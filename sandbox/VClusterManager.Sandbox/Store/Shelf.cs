namespace VClusterManager.Sandbox.Store;

/// <summary>
/// All objects of one resource, with their recent changes and those who watch them.
/// Used only under the lock of its <see cref="ObjectStore"/>.
/// </summary>
internal sealed class Shelf(int logCapacity)
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredObject>> _namespaces = new(
        KeyOrder.Instance
    );
    private readonly List<Subscription> _subscriptions = [];

    public ChangeLog Log { get; } = new(logCapacity);

    public int Count { get; private set; }

    public StoredObject? Find(string ns, string name) => _namespaces.GetValueOrDefault(ns)?.GetValueOrDefault(name);

    /// <summary>In the order of their keys: by namespace, then by name.</summary>
    public IEnumerable<StoredObject> All(string? ns) =>
        ns is null ? _namespaces.Values.SelectMany(names => names.Values)
        : _namespaces.TryGetValue(ns, out var names) ? names.Values
        : [];

    public void Apply(Change change)
    {
        var stored = change.Object;
        if (change.Kind == ChangeKind.Deleted)
        {
            Remove(stored);
        }
        else
        {
            Put(stored);
        }

        Log.Add(change);
        foreach (var subscription in _subscriptions)
        {
            subscription.Offer(change);
        }
    }

    public void Put(StoredObject stored)
    {
        if (!_namespaces.TryGetValue(stored.Namespace, out var names))
        {
            _namespaces[stored.Namespace] = names = new SortedDictionary<string, StoredObject>(StringComparer.Ordinal);
        }

        Count += names.ContainsKey(stored.Name) ? 0 : 1;
        names[stored.Name] = stored;
    }

    public void Subscribe(Subscription subscription) => _subscriptions.Add(subscription);

    public void Unsubscribe(Subscription subscription) => _subscriptions.Remove(subscription);

    private void Remove(StoredObject stored)
    {
        if (!_namespaces.TryGetValue(stored.Namespace, out var names) || !names.Remove(stored.Name))
        {
            return;
        }

        Count--;
        if (names.Count == 0)
        {
            _namespaces.Remove(stored.Namespace);
        }
    }

    /// <summary>Orders namespaces as the real store orders the keys they stand in: each is followed by a slash.</summary>
    private sealed class KeyOrder : IComparer<string>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var shared = Math.Min(x!.Length, y!.Length);
            var order = string.CompareOrdinal(x, 0, y, 0, shared);
            return order != 0 ? order
                : x.Length == y.Length ? 0
                : x.Length < y.Length ? '/' - y[shared]
                : x[shared] - '/';
        }
    }
}
