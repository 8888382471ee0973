using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Resources;

/// <summary>
/// The few resources that the API serves in two forms: the newer events, and the older autoscalers. They lie in the
/// store in one form and are converted on the way out and in.
/// </summary>
internal static class VersionConversion
{
    private static readonly (string Stored, string Shown)[] EventFields =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
    ];

    /// <summary>The object as this resource shows it.</summary>
    public static JsonObject Show(ResourceDefinition resource, JsonObject json)
    {
        if (resource.StoredAs is null)
        {
            return json;
        }

        var shown = json.Copy();
        shown["apiVersion"] = resource.ApiVersion;
        if (resource.Group == "events.k8s.io")
        {
            Rename(shown, EventFields);
        }
        else
        {
            ShowOldAutoscaler(shown);
        }

        return shown;
    }

    /// <summary>The object as it lies in the store.</summary>
    public static JsonObject Store(ResourceDefinition resource, JsonObject json)
    {
        if (resource.StoredAs is not { } stored)
        {
            return json;
        }

        json["apiVersion"] = stored.ApiVersion;
        if (resource.Group == "events.k8s.io")
        {
            Rename(json, EventFields.Select(field => (field.Shown, field.Stored)));
        }
        else
        {
            StoreOldAutoscaler(json);
        }

        return json;
    }

    private static void Rename(JsonObject json, IEnumerable<(string From, string To)> fields)
    {
        foreach (var (from, to) in fields)
        {
            if (json.Remove(from, out var value))
            {
                json[to] = value;
            }
        }
    }

    private static void ShowOldAutoscaler(JsonObject json)
    {
        var spec = json.Ensure("spec");
        var cpu = spec.Objects("metrics").FirstOrDefault(metric => metric.Text("resource", "name") == "cpu");
        if (cpu.Number("resource", "target", "averageUtilization") is { } target)
        {
            spec["targetCPUUtilizationPercentage"] = target;
        }

        spec.Remove("metrics");
        spec.Remove("behavior");
        json.Object("status")?.Remove("conditions");
        json.Object("status")?.Remove("currentMetrics");
    }

    private static void StoreOldAutoscaler(JsonObject json)
    {
        var spec = json.Ensure("spec");
        if (spec.Number("targetCPUUtilizationPercentage") is { } target)
        {
            var goal = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = target };
            var metric = new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = goal },
            };
            spec["metrics"] = new JsonArray(metric);
        }

        spec.Remove("targetCPUUtilizationPercentage");
    }
}
