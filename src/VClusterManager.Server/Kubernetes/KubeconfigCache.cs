namespace VClusterManager.Server.Kubernetes;

/// <summary>Kubeconfigs by the version of their secret, so that they are read from the host once. Bounded, oldest out first.</summary>
internal sealed class KubeconfigCache(int capacity = 500)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NamespacedName, (string Version, string Text)> _known = [];
    private readonly Queue<NamespacedName> _order = new();

    public string? Find(NamespacedName key, string version)
    {
        lock (_gate)
            return _known.TryGetValue(key, out var known) && known.Version == version ? known.Text : null;
    }

    public void Keep(NamespacedName key, string version, string text)
    {
        lock (_gate)
        {
            if (!_known.ContainsKey(key))
            {
                if (_known.Count == capacity)
                    _known.Remove(_order.Dequeue());
                _order.Enqueue(key);
            }

            _known[key] = (version, text);
        }
    }
}
