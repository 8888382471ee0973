using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Namespaces;

/// <summary>
/// Empties a namespace that is to be deleted and then lets it go. What does not go (a finalizer, a pod in its grace
/// period) is named in the namespace's conditions.
/// </summary>
internal sealed class NamespaceController(ObjectRegistry registry) : IController
{
    private static readonly IReadOnlyList<ResourceDefinition> Contents =
    [
        .. ResourceCatalog.InStore.Where(resource => resource.Namespaced),
    ];

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Namespaces && change.Object.Deleting && change.Kind != ChangeKind.Deleted)
        {
            queue.Add(new WorkItem(this, "", change.Object.Name));
        }
        else if (resource.Namespaced && change.Kind == ChangeKind.Deleted)
        {
            queue.Add(new WorkItem(this, "", change.Object.Namespace));
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (registry.Store.Find(ResourceCatalog.Namespaces, "", name) is not { Deleting: true } found)
        {
            return;
        }

        var left = Contents
            .Select(resource => (Resource: resource, Objects: Empty(resource, name)))
            .Where(rest => rest.Objects.Count > 0)
            .ToList();
        if (left.Count == 0)
        {
            Release(name);
            return;
        }

        var conditions = NamespaceConditions.For(left, registry.Time.GetUtcNow());
        if (!NamespaceConditions.SameExceptTimes(found.Json.Array("status", "conditions"), conditions))
        {
            registry.Update(
                ResourceCatalog.Namespaces,
                "",
                name,
                json =>
                {
                    json.Ensure("status")["conditions"] = conditions.DeepClone();
                    return json;
                },
                WriteOptions.ControllerStatus
            );
        }
    }

    private List<StoredObject> Empty(ResourceDefinition resource, string ns)
    {
        foreach (var stored in registry.Store.List(resource, ns).Objects.Where(stored => !stored.Deleting))
        {
            registry.TryDelete(resource, stored, new DeleteOptions(Propagation: "Background"));
        }

        return [.. registry.Store.List(resource, ns).Objects];
    }

    private void Release(string name) =>
        registry.Update(
            ResourceCatalog.Namespaces,
            "",
            name,
            json =>
            {
                json.Ensure("spec").Remove("finalizers");
                return json;
            },
            WriteOptions.ControllerManager with
            {
                Subresource = "finalize",
            }
        );
}
