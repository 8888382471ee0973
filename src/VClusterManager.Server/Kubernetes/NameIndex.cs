using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace VClusterManager.Server.Kubernetes;

/// <summary>What has a name that others may have too. One thread at a time writes, any read without waiting.</summary>
internal sealed class NameIndex<T>
{
    private readonly ConcurrentDictionary<string, ImmutableHashSet<T>> _byName = new();

    public ImmutableHashSet<T> Of(string name) => _byName.GetValueOrDefault(name, []);

    public void Add(string name, T one) => _byName[name] = Of(name).Add(one);

    public void Remove(string name, T one)
    {
        var rest = Of(name).Remove(one);
        if (rest.IsEmpty)
        {
            _byName.TryRemove(name, out _);
        }
        else
        {
            _byName[name] = rest;
        }
    }
}
