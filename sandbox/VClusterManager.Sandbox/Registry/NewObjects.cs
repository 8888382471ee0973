using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Ownership;
using VClusterManager.Sandbox.Quotas;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;
using VClusterManager.Sandbox.Validation;

namespace VClusterManager.Sandbox.Registry;

/// <summary>
/// Makes what a client sent into an object that can be stored: named, filled in, owned, admitted and valid. What the
/// server adds after the ownership is noted belongs to no one, as on the real one.
/// </summary>
internal sealed class NewObjects(ObjectStore store, TimeProvider time, FaultBoard faults)
{
    private const string NameCharacters = "bcdfghjklmnpqrstvwxz2456789";
    private const int GeneratedLength = 5;

    private readonly Admission _admission = new(store, faults);

    public JsonObject Prepare(ResourceDefinition resource, string ns, JsonObject body, WriteOptions options)
    {
        var json = ObjectForm.Decode(resource, body, options);
        Name(resource, ns, json.Ensure("metadata"));
        RequireNamespace(resource, ns, json.Text("metadata", "name") ?? "");
        Stamp(json.Ensure("metadata"));
        ObjectDefaults.Apply(resource, json);
        json = ObjectForm.Arrange(resource, json);
        if (!options.KeepsOwnership)
        {
            UpdateTracking.Track(resource, null, json, options, time.GetUtcNow());
        }

        Strategies.PrepareForCreate(resource, json);
        Allocate(resource, ns, json);
        json = ObjectForm.Arrange(resource, json);
        ObjectValidation.CheckNew(resource, json);
        _admission.Admit(resource, ns, json);
        options.Inspect?.Invoke(null, json);
        return json;
    }

    private void Allocate(ResourceDefinition resource, string ns, JsonObject json)
    {
        if (resource == ResourceCatalog.Services)
        {
            ServiceAllocation.Allocate(json, store);
        }
        else if (resource == ResourceCatalog.Pods)
        {
            LimitRanges.FillIn(json, ns, store);
        }
    }

    private static void Name(ResourceDefinition resource, string ns, JsonObject metadata)
    {
        if (resource.Namespaced)
        {
            metadata["namespace"] = ns;
        }

        if (string.IsNullOrEmpty(metadata.Text("name")) && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + RandomNumberGenerator.GetString(NameCharacters, GeneratedLength);
        }
    }

    private void RequireNamespace(ResourceDefinition resource, string ns, string name)
    {
        if (!resource.Namespaced)
        {
            return;
        }

        var owner =
            store.Find(ResourceCatalog.Namespaces, "", ns) ?? throw Refusals.NotFound(ResourceCatalog.Namespaces, ns);
        if (owner.Deleting)
        {
            throw Refusals.NamespaceTerminating(resource, name, ns);
        }
    }

    private void Stamp(JsonObject metadata)
    {
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamps.Format(time.GetUtcNow());
        // The store writes the version; this keeps its place among the members.
        metadata["resourceVersion"] = "0";
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
    }
}
