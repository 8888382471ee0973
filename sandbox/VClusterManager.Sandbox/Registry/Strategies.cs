using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What the server keeps to itself when a client writes: status, generation, identity.</summary>
internal static class Strategies
{
    /// <summary>Resources without a generation, although they have a spec.</summary>
    private static readonly HashSet<string> WithoutGeneration =
    [
        "namespaces",
        "nodes",
        "services",
        "persistentvolumes",
        "persistentvolumeclaims",
        "resourcequotas",
    ];

    public static void PrepareForCreate(ResourceDefinition resource, JsonObject json)
    {
        var metadata = json.Ensure("metadata");
        metadata.Remove("generation");
        if (resource.HasStatus && resource.Plural != "nodes")
        {
            json.Remove("status");
        }

        if (HasGeneration(resource, json))
        {
            metadata["generation"] = 1;
        }

        if (resource.Plural == "jobs")
        {
            LabelJob(json);
        }

        InitialState.Apply(resource, json);
    }

    /// <summary>A Job's pods are told from all others by labels that the server chooses.</summary>
    private static void LabelJob(JsonObject job)
    {
        if (job.Flag("spec", "manualSelector"))
        {
            return;
        }

        var uid = job.Text("metadata", "uid");
        var name = job.Text("metadata", "name");
        var labels = job.Ensure("spec").Ensure("template").Ensure("metadata").Ensure("labels");
        labels["batch.kubernetes.io/controller-uid"] = uid;
        labels["batch.kubernetes.io/job-name"] = name;
        labels["controller-uid"] = uid;
        labels["job-name"] = name;
        job.Ensure("spec")["selector"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid },
        };
    }

    public static void PrepareForUpdate(
        ResourceDefinition resource,
        JsonObject current,
        JsonObject changed,
        string? subresource
    )
    {
        KeepIdentity(current.Ensure("metadata"), changed.Ensure("metadata"));
        if (subresource is "binding" or "finalize")
        {
            return;
        }

        if (subresource == "status")
        {
            Keep(current, changed, "spec");
            KeepMetadata(current, changed);
        }
        else if (resource.HasStatus)
        {
            Keep(current, changed, "status");
        }

        if (resource == ResourceCatalog.Services)
        {
            ServiceAllocation.Keep(current, changed);
        }

        if (resource == ResourceCatalog.Namespaces && subresource != "finalize")
        {
            Keep(current, changed, "spec");
        }

        if (HasGeneration(resource, changed) && !JsonNode.DeepEquals(current["spec"], changed["spec"]))
        {
            RaiseGeneration(resource, changed.Ensure("metadata"));
        }
    }

    public static void RaiseGeneration(ResourceDefinition resource, JsonObject metadata)
    {
        if (metadata.Number("generation") is { } generation && resource != ResourceCatalog.Pods)
        {
            metadata["generation"] = generation + 1;
        }
    }

    private static bool HasGeneration(ResourceDefinition resource, JsonObject json) =>
        json["spec"] is JsonObject && !WithoutGeneration.Contains(resource.Plural);

    private static void KeepIdentity(JsonObject current, JsonObject changed)
    {
        string[] kept =
        [
            "name",
            "generateName",
            "namespace",
            "uid",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
        ];
        foreach (var name in kept)
        {
            Keep(current, changed, name);
        }

        changed.Remove("selfLink");
    }

    private static void KeepMetadata(JsonObject current, JsonObject changed)
    {
        var finalizers = changed["metadata"]!["finalizers"]?.DeepClone();
        var managed = changed["metadata"]!["managedFields"]?.DeepClone();
        var labels = changed["metadata"]!["labels"]?.DeepClone();
        var annotations = changed["metadata"]!["annotations"]?.DeepClone();
        Keep(current, changed, "metadata");
        var metadata = changed.Ensure("metadata");
        Put(metadata, "labels", labels);
        Put(metadata, "annotations", annotations);
        Put(metadata, "finalizers", finalizers);
        Put(metadata, "managedFields", managed);
    }

    private static void Keep(JsonObject current, JsonObject changed, string name) =>
        Put(changed, name, current[name]?.DeepClone());

    private static void Put(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value;
        }
    }
}
