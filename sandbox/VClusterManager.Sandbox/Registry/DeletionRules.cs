using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Registry;

/// <summary>
/// When a deletion takes effect. An object goes at once unless something holds it: a finalizer, the grace period of a
/// pod that runs on a node, or, for a namespace, what is left in it.
/// </summary>
internal static class DeletionRules
{
    private const string ForegroundFinalizer = "foregroundDeletion";
    private const string OrphanFinalizer = "orphan";
    private const long DefaultGrace = 30;

    /// <summary>Marks the object as to be deleted; false when nothing holds it and it can go.</summary>
    public static bool Mark(ResourceDefinition resource, JsonObject json, DeleteOptions options, DateTimeOffset now)
    {
        var metadata = json.Ensure("metadata");
        SetPropagation(metadata, options.Propagation);
        var grace = GraceOf(resource, json, options);
        if (!IsHeld(resource, json) && grace == 0)
        {
            return false;
        }

        if (metadata["deletionTimestamp"] is null)
        {
            metadata["deletionTimestamp"] = Timestamps.Format(now.AddSeconds(grace));
            if (resource != ResourceCatalog.Namespaces)
            {
                metadata["deletionGracePeriodSeconds"] = grace;
                Strategies.RaiseGeneration(resource, metadata);
            }
        }
        else if (metadata.Number("deletionGracePeriodSeconds") > grace)
        {
            metadata["deletionTimestamp"] = Timestamps.Format(now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }

        if (resource == ResourceCatalog.Namespaces)
        {
            json.Ensure("status")["phase"] = "Terminating";
        }

        return true;
    }

    /// <summary>True when an object that is to be deleted is held by nothing any more.</summary>
    public static bool IsReleased(ResourceDefinition resource, JsonObject json)
    {
        var metadata = json.Object("metadata");
        return metadata.At("deletionTimestamp") is not null
            && (metadata.Number("deletionGracePeriodSeconds") ?? 0) == 0
            && !IsHeld(resource, json);
    }

    private static bool IsHeld(ResourceDefinition resource, JsonObject json) =>
        json.Texts("metadata", "finalizers").Any()
        || (resource == ResourceCatalog.Namespaces && json.Texts("spec", "finalizers").Any());

    private static long GraceOf(ResourceDefinition resource, JsonObject json, DeleteOptions options)
    {
        if (resource != ResourceCatalog.Pods)
        {
            return 0;
        }

        var scheduled = !string.IsNullOrEmpty(json.Text("spec", "nodeName"));
        var over = json.Text("status", "phase") is "Failed" or "Succeeded";
        return scheduled && !over
            ? options.GracePeriodSeconds ?? json.Number("spec", "terminationGracePeriodSeconds") ?? DefaultGrace
            : 0;
    }

    private static void SetPropagation(JsonObject metadata, string? propagation)
    {
        if (propagation is null)
        {
            return;
        }

        var finalizers = metadata
            .Texts("finalizers")
            .Where(name => name is not (ForegroundFinalizer or OrphanFinalizer))
            .ToList();
        if (propagation is "Foreground" or "Orphan")
        {
            finalizers.Add(propagation == "Foreground" ? ForegroundFinalizer : OrphanFinalizer);
        }

        if (finalizers.Count == 0)
        {
            metadata.Remove("finalizers");
        }
        else
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]);
        }
    }
}
