using System.Collections.Concurrent;
using VClusterManager.Sandbox.Authentication;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>
/// Which rights requests have needed, and whether they were there: each once, however often. So it can be told what an
/// account does with the rights that it has. Administrators are not noted: they may do anything.
/// </summary>
internal sealed class RightsLog
{
    private readonly ConcurrentDictionary<NeededRight, byte> _needed = [];

    public IReadOnlyCollection<NeededRight> All => [.. _needed.Keys];

    public void Note(Identity caller, AccessAttributes access, bool allowed)
    {
        if (access.Path is null)
        {
            _needed.TryAdd(
                new NeededRight(
                    caller.User,
                    access.Group,
                    access.CombinedResource,
                    access.Verb,
                    access.Namespace,
                    allowed
                ),
                0
            );
        }
    }

    public void Clear() => _needed.Clear();
}

/// <param name="Namespace">Empty: the whole cluster.</param>
internal sealed record NeededRight(
    string User,
    string Group,
    string Resource,
    string Verb,
    string Namespace,
    bool Allowed
);
