using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Ownership;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;
using VClusterManager.Sandbox.Validation;

namespace VClusterManager.Sandbox.Registry;

/// <summary>
/// What it means to create, change and delete an object, whoever asks: a client over the API or a controller inside.
/// </summary>
internal sealed class ObjectRegistry(ObjectStore store, TimeProvider time, FaultBoard faults)
{
    private readonly NewObjects _newObjects = new(store, time, faults);

    public ObjectStore Store { get; } = store;

    public TimeProvider Time { get; } = time;

    public StoredObject Get(ResourceDefinition resource, string ns, string name) =>
        Store.Find(resource, ns, name) ?? throw Refusals.NotFound(resource, name);

    public StoredObject Create(ResourceDefinition resource, string ns, JsonObject body, WriteOptions options)
    {
        var json = _newObjects.Prepare(resource, ns, body, options);
        var name = json.Text("metadata", "name") ?? "";
        if (!options.DryRun)
        {
            return Store.TryCreate(resource, json) ?? throw Refusals.AlreadyExists(resource, name);
        }

        json.Ensure("metadata").Remove("resourceVersion");
        return Store.Find(resource, ns, name) is null
            ? new StoredObject(json, 0)
            : throw Refusals.AlreadyExists(resource, name);
    }

    /// <summary>
    /// Applies a change to the latest version, again when another writer was faster. The change gets a copy that it
    /// may alter, and returns the object as it should be.
    /// </summary>
    public StoredObject Update(
        ResourceDefinition resource,
        string ns,
        string name,
        Func<JsonObject, JsonObject> change,
        WriteOptions options
    )
    {
        while (true)
        {
            var current = Get(resource, ns, name);
            var changed = change(current.Json.Copy());
            if (TryStore(resource, current, changed, options) is { } stored)
            {
                return stored;
            }
        }
    }

    /// <summary>Applies a configuration: creates the object or merges into it, and keeps who owns which fields.</summary>
    public (StoredObject Stored, bool Created) Apply(
        ResourceDefinition resource,
        string ns,
        string name,
        JsonObject config,
        bool force,
        WriteOptions options
    )
    {
        config = config.Copy();
        config.Ensure("metadata")["name"] = name;
        if (resource.Namespaced)
        {
            config.Ensure("metadata")["namespace"] = ns;
        }

        ObjectForm.Decode(resource, config.Copy(), options);
        var apply = new ServerSideApply(resource, options, force, Time.GetUtcNow());
        var applied = options with { KeepsOwnership = true, FieldValidation = FieldValidation.Ignore };
        if (Store.Find(resource, ns, name) is null)
        {
            return (Create(resource, ns, apply.Apply([], config), applied), true);
        }

        return (Update(resource, ns, name, live => apply.Apply(live, config), applied), false);
    }

    /// <summary>Writes what a controller saw; nothing when it is what is written there already.</summary>
    public void WriteStatus(ResourceDefinition resource, StoredObject stored, JsonObject status)
    {
        if (Store.Find(resource, stored.Namespace, stored.Name) is null)
        {
            return;
        }

        Update(
            resource,
            stored.Namespace,
            stored.Name,
            json =>
            {
                json["status"] = status.DeepClone();
                return json;
            },
            WriteOptions.ControllerStatus
        );
    }

    /// <summary>Deletes, or marks as to be deleted where a finalizer or a grace period holds the object.</summary>
    public Deletion Delete(ResourceDefinition resource, string ns, string name, DeleteOptions options)
    {
        while (true)
        {
            var current = Get(resource, ns, name);
            Preconditions.Check(resource, current, options);
            if (options.DryRun)
            {
                return new Deletion(current, Gone: true);
            }

            if (TryDelete(resource, current, options) is { } deletion)
            {
                return deletion;
            }
        }
    }

    /// <summary>As <see cref="Delete"/>, of this version alone: null when it is no longer the latest.</summary>
    public Deletion? TryDelete(ResourceDefinition resource, StoredObject current, DeleteOptions options)
    {
        var marked = current.Json.Copy();
        var holds = DeletionRules.Mark(resource, marked, options, Time.GetUtcNow());
        if (!holds)
        {
            return Store.TryDelete(resource, current) is { } gone ? new Deletion(gone, Gone: true) : null;
        }

        if (JsonNode.DeepEquals(marked, current.Json))
        {
            return new Deletion(current, Gone: false);
        }

        return Store.TryUpdate(resource, current, ObjectForm.Arrange(resource, marked)) is { } stored
            ? new Deletion(stored, Gone: false)
            : null;
    }

    private StoredObject? TryStore(
        ResourceDefinition resource,
        StoredObject current,
        JsonObject changed,
        WriteOptions options
    )
    {
        changed = ObjectForm.Decode(resource, changed, options);
        Preconditions.Check(resource, current, changed);
        ObjectDefaults.Apply(resource, changed);
        changed = ObjectForm.Arrange(resource, changed);
        if (!options.KeepsOwnership)
        {
            UpdateTracking.Track(resource, current.Json, changed, options, Time.GetUtcNow());
        }

        Strategies.PrepareForUpdate(resource, current.Json, changed, options.Subresource);
        changed.Ensure("metadata")["resourceVersion"] = current.Version.ToString(CultureInfo.InvariantCulture);
        changed = ObjectForm.Arrange(resource, changed);
        if (JsonNode.DeepEquals(changed, current.Json))
        {
            return current;
        }

        if (options.Subresource != "status")
        {
            ObjectValidation.CheckChanged(resource, current.Json, changed);
        }

        options.Inspect?.Invoke(current.Json, changed);

        if (options.DryRun)
        {
            return new StoredObject(changed, current.Version);
        }

        if (DeletionRules.IsReleased(resource, changed))
        {
            return Store.TryDelete(resource, current) is null ? null : new StoredObject(changed, current.Version);
        }

        return Store.TryUpdate(resource, current, changed);
    }
}

/// <summary>The object as it was last, and whether it is gone or only marked.</summary>
internal sealed record Deletion(StoredObject Object, bool Gone);
