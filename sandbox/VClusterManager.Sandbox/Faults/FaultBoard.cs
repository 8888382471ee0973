using System.Collections.Immutable;

namespace VClusterManager.Sandbox.Faults;

/// <summary>Which faults are switched on, for everything or for one cluster. Anyone may ask at any time.</summary>
internal sealed class FaultBoard
{
    private ImmutableDictionary<(string Name, ClusterTarget Target), string> _active = ImmutableDictionary<
        (string, ClusterTarget),
        string
    >.Empty;

    private Action _changed = () => { };

    public IReadOnlyList<Fault> All =>
        [
            .. _active
                .Select(entry => new Fault(entry.Key.Name, entry.Value, entry.Key.Target))
                .OrderBy(fault => fault.Name, StringComparer.Ordinal),
        ];

    /// <summary>Calls back after every change.</summary>
    public void OnChange(Action callback) => _changed += callback;

    public void Set(Fault fault)
    {
        ImmutableInterlocked.Update(ref _active, active => active.SetItem((fault.Name, fault.Target), fault.Value));
        _changed();
    }

    public bool Remove(string name, ClusterTarget target)
    {
        var removed = ImmutableInterlocked.TryRemove(ref _active, (name, target), out _);
        if (removed)
        {
            _changed();
        }

        return removed;
    }

    public void Clear()
    {
        ImmutableInterlocked.Update(ref _active, active => active.Clear());
        _changed();
    }

    /// <summary>The fault as it is for one cluster, be it set for that one, for its namespace, or for all; null when off.</summary>
    public string? Find(string name, string ns, string cluster) =>
        _active.IsEmpty ? null
        : _active.TryGetValue((name, new ClusterTarget(ns, cluster)), out var own) ? own
        : _active.TryGetValue((name, new ClusterTarget(ns, "")), out var below) ? below
        : _active.GetValueOrDefault((name, ClusterTarget.Everything));

    /// <summary>The fault as it is for one cluster alone: what is set for all does not count.</summary>
    public string? FindExactly(string name, ClusterTarget target) => _active.GetValueOrDefault((name, target));

    public bool IsOn(string name, string ns, string cluster) => Find(name, ns, cluster) is not null;
}

/// <summary>One fault that is switched on. What the value says depends on the fault; it may be empty.</summary>
internal sealed record Fault(string Name, string Value, ClusterTarget Target);

/// <summary>The virtual cluster that a fault is for; all empty means everything.</summary>
internal sealed record ClusterTarget(string Namespace, string Name)
{
    public static readonly ClusterTarget Everything = new("", "");
}
