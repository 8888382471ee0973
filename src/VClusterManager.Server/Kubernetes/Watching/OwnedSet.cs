using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>An object of the host and the virtual cluster that it is part of.</summary>
internal sealed record Owned<T>(NamespacedName Owner, T Value);

/// <summary>Objects of one kind by their virtual cluster. One thread writes, any read without waiting.</summary>
internal sealed class OwnedSet<T>
    where T : class
{
    private readonly ConcurrentDictionary<NamespacedName, ImmutableArray<T>> _byOwner = new();
    private readonly NameIndex<NamespacedName> _byName = new();

    /// <summary>As they are met: unlike <c>Keys</c>, enumerating neither locks nor copies.</summary>
    public IEnumerable<NamespacedName> Owners => _byOwner.Select(entry => entry.Key);

    public IEnumerable<NamespacedName> OwnersNamed(string name) => _byName.Of(name);

    public ImmutableArray<T> Of(NamespacedName owner) => _byOwner.GetValueOrDefault(owner, []);

    public void Change(Owned<T>? before, Owned<T>? after)
    {
        if (before is not null && before.Owner == after?.Owner)
        {
            // In one step: a reader must not see it gone in between.
            var present = Of(before.Owner);
            Put(
                before.Owner,
                present.Contains(before.Value) ? present.Replace(before.Value, after.Value) : present.Add(after.Value)
            );
            return;
        }

        if (before is not null)
            Put(before.Owner, Of(before.Owner).Remove(before.Value));
        if (after is not null)
            Put(after.Owner, Of(after.Owner).Add(after.Value));
    }

    private void Put(NamespacedName owner, ImmutableArray<T> values)
    {
        if (values.IsEmpty)
        {
            _byOwner.TryRemove(owner, out _);
            _byName.Remove(owner.Name, owner);
        }
        else
        {
            _byOwner[owner] = values;
            _byName.Add(owner.Name, owner);
        }
    }
}
