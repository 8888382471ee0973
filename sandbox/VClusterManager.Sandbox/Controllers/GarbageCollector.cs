using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers;

/// <summary>
/// Deletes what belongs to owners that are gone. An owner that is deleted in the foreground stays until its dependents
/// are gone; one that is deleted with <c>Orphan</c> leaves them behind.
/// </summary>
internal sealed class GarbageCollector(ControllerContext context) : IController
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    // Written where changes are observed and read where work is done: two threads.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ResourceDefinition Resource, string Namespace, string Name)> _known = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Events)
        {
            return;
        }

        var stored = change.Object;
        lock (_lock)
        {
            var owners = OwnersOf(stored.Json).ToList();
            var before = change.Previous is null ? [] : OwnersOf(change.Previous.Json).ToList();
            foreach (var owner in before.Except(owners))
            {
                Forget(owner, stored.Uid);
            }

            if (change.Kind == ChangeKind.Deleted)
            {
                _known.Remove(stored.Uid);
                Enqueue(_dependents.GetValueOrDefault(stored.Uid), queue);
                EnqueueOwners(owners, queue);
                foreach (var owner in owners)
                {
                    Forget(owner, stored.Uid);
                }

                return;
            }

            _known[stored.Uid] = (resource, stored.Namespace, stored.Name);
            foreach (var owner in owners)
            {
                if (!_dependents.TryGetValue(owner, out var dependents))
                {
                    _dependents[owner] = dependents = new HashSet<string>(StringComparer.Ordinal);
                }

                dependents.Add(stored.Uid);
            }

            if (owners.Count > 0 || stored.Deleting)
            {
                queue.Add(new WorkItem(this, "", stored.Uid));
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (Find(name) is not var (resource, stored))
        {
            return;
        }

        var finalizers = stored.Json.Texts("metadata", "finalizers").ToList();
        if (stored.Deleting && finalizers.Contains(Orphan))
        {
            OrphanDependents(stored);
            RemoveFinalizer(resource, stored, Orphan);
        }
        else if (stored.Deleting && finalizers.Contains(Foreground))
        {
            DeleteDependents(resource, stored);
        }
        else if (!stored.Deleting)
        {
            DeleteIfAbandoned(resource, stored);
        }
    }

    private void DeleteIfAbandoned(ResourceDefinition resource, StoredObject stored)
    {
        var owners = OwnersOf(stored.Json).ToList();
        lock (_lock)
        {
            if (owners.Count == 0 || owners.Exists(_known.ContainsKey))
            {
                return;
            }
        }

        context.Registry.TryDelete(resource, stored, new DeleteOptions(stored.Uid, Propagation: "Background"));
    }

    private void DeleteDependents(ResourceDefinition resource, StoredObject owner)
    {
        var dependents = DependentsOf(owner.Uid);
        foreach (var (kind, dependent) in dependents.Where(dependent => !dependent.Stored.Deleting))
        {
            context.Registry.TryDelete(kind, dependent, new DeleteOptions(dependent.Uid, Propagation: "Foreground"));
        }

        var blocking = DependentsOf(owner.Uid)
            .Exists(dependent =>
                dependent
                    .Stored.Json.Objects("metadata", "ownerReferences")
                    .Any(reference => reference.Text("uid") == owner.Uid && reference.Flag("blockOwnerDeletion"))
            );
        if (!blocking)
        {
            RemoveFinalizer(resource, owner, Foreground);
        }
    }

    private void OrphanDependents(StoredObject owner)
    {
        foreach (var (kind, dependent) in DependentsOf(owner.Uid))
        {
            context.Registry.Update(
                kind,
                dependent.Namespace,
                dependent.Name,
                json =>
                {
                    var others = json.Objects("metadata", "ownerReferences")
                        .Where(reference => reference.Text("uid") != owner.Uid);
                    json.Ensure("metadata")["ownerReferences"] = new JsonArray([
                        .. others.Select(other => other.DeepClone()),
                    ]);
                    return json;
                },
                WriteOptions.ControllerManager
            );
        }
    }

    private void RemoveFinalizer(ResourceDefinition resource, StoredObject stored, string finalizer) =>
        context.Registry.Update(
            resource,
            stored.Namespace,
            stored.Name,
            json =>
            {
                var others = json.Texts("metadata", "finalizers").Where(name => name != finalizer);
                json.Ensure("metadata")["finalizers"] = new JsonArray([.. others.Select(name => (JsonNode)name)]);
                return json;
            },
            WriteOptions.ControllerManager
        );

    private (ResourceDefinition Resource, StoredObject Stored)? Find(string uid)
    {
        (ResourceDefinition Resource, string Namespace, string Name) at;
        lock (_lock)
        {
            if (!_known.TryGetValue(uid, out at))
            {
                return null;
            }
        }

        return context.Store.Find(at.Resource, at.Namespace, at.Name) is { } stored && stored.Uid == uid
            ? (at.Resource, stored)
            : null;
    }

    private List<(ResourceDefinition Resource, StoredObject Stored)> DependentsOf(string uid)
    {
        List<string> uids;
        lock (_lock)
        {
            uids = [.. _dependents.GetValueOrDefault(uid) ?? []];
        }

        return [.. uids.Select(Find).OfType<(ResourceDefinition, StoredObject)>()];
    }

    private void Forget(string owner, string dependent)
    {
        if (_dependents.TryGetValue(owner, out var dependents) && dependents.Remove(dependent) && dependents.Count == 0)
        {
            _dependents.Remove(owner);
        }
    }

    private void EnqueueOwners(List<string> owners, WorkQueue queue)
    {
        foreach (var owner in owners.Where(_known.ContainsKey))
        {
            queue.Add(new WorkItem(this, "", owner));
        }
    }

    private void Enqueue(HashSet<string>? uids, WorkQueue queue)
    {
        foreach (var uid in uids ?? [])
        {
            queue.Add(new WorkItem(this, "", uid));
        }
    }

    private static IEnumerable<string> OwnersOf(JsonObject json) =>
        json.Objects("metadata", "ownerReferences").Select(reference => reference.Text("uid")).OfType<string>();
}
