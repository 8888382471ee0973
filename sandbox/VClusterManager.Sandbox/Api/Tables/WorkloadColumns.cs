using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Columns of workloads.</summary>
internal static class WorkloadColumns
{
    private static readonly TableColumn Containers = new(
        "Containers",
        (json, _) =>
            string.Join(
                ',',
                json.Objects("spec", "template", "spec", "containers").Select(container => container.Text("name"))
            )
    )
    {
        Wide = true,
    };

    private static readonly TableColumn Images = new(
        "Images",
        (json, _) =>
            string.Join(
                ',',
                json.Objects("spec", "template", "spec", "containers").Select(container => container.Text("image"))
            )
    )
    {
        Wide = true,
    };

    private static readonly TableColumn Selector = new(
        "Selector",
        (json, _) => TableColumns.Selector(json.Object("spec", "selector"))
    )
    {
        Wide = true,
    };

    public static TableColumn[] StatefulSets(TableColumn name, TableColumn age) =>
        [
            name,
            new("Ready", (json, _) => $"{Of(json, "status", "readyReplicas")}/{Of(json, "spec", "replicas")}"),
            age,
            Containers,
            Images,
        ];

    public static TableColumn[] Deployments(TableColumn name, TableColumn age) =>
        [
            name,
            new("Ready", (json, _) => $"{Of(json, "status", "readyReplicas")}/{Of(json, "spec", "replicas")}"),
            Number("Up-to-date", "status", "updatedReplicas"),
            Number("Available", "status", "availableReplicas"),
            age,
            Containers,
            Images,
            Selector,
        ];

    public static TableColumn[] ReplicaSets(TableColumn name, TableColumn age) =>
        [
            name,
            Number("Desired", "spec", "replicas"),
            Number("Current", "status", "replicas"),
            Number("Ready", "status", "readyReplicas"),
            age,
            Containers,
            Images,
            Selector,
        ];

    public static TableColumn[] DaemonSets(TableColumn name, TableColumn age) =>
        [
            name,
            Number("Desired", "status", "desiredNumberScheduled"),
            Number("Current", "status", "currentNumberScheduled"),
            Number("Ready", "status", "numberReady"),
            Number("Up-to-date", "status", "updatedNumberScheduled"),
            Number("Available", "status", "numberAvailable"),
            new(
                "Node Selector",
                (json, _) => TableColumns.Selector(json.Object("spec", "template", "spec", "nodeSelector"))
            ),
            age,
            Containers,
            Images,
            Selector,
        ];

    public static TableColumn[] Revisions(TableColumn name, TableColumn age) =>
        [
            name,
            new("Controller", (json, _) => Owner(json)),
            new("Revision", (json, _) => json.Number("revision") ?? 0) { Type = "integer" },
            age,
        ];

    public static TableColumn[] Jobs(TableColumn name, TableColumn age) =>
        [
            name,
            new("Status", (json, _) => JobStatus(json)),
            new("Completions", (json, _) => $"{Of(json, "status", "succeeded")}/{Of(json, "spec", "completions")}"),
            new("Duration", (json, now) => Duration(json, now)),
            age,
            Containers,
            Images,
            Selector,
        ];

    public static TableColumn[] CronJobs(TableColumn name, TableColumn age) =>
        [
            name,
            TableColumns.Column("Schedule", "spec", "schedule"),
            new("Timezone", (json, _) => json.Text("spec", "timeZone") ?? "<none>"),
            new("Suspend", (json, _) => json.Flag("spec", "suspend") ? "True" : "False"),
            new("Active", (json, _) => json.Array("status", "active")?.Count ?? 0) { Type = "integer" },
            new(
                "Last Schedule",
                (json, now) => json.Text("status", "lastScheduleTime") is { } last ? Ages.Since(last, now) : "<none>"
            ),
            age,
        ];

    public static TableColumn[] DisruptionBudgets(TableColumn name, TableColumn age) =>
        [
            name,
            new("Min Available", (json, _) => json.At("spec", "minAvailable")?.ToString() ?? "N/A"),
            new("Max Unavailable", (json, _) => json.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
            Number("Allowed Disruptions", "status", "disruptionsAllowed"),
            age,
        ];

    private static TableColumn Number(string name, params string[] path) =>
        new(name, (json, _) => json.Number(path) ?? 0) { Type = "integer" };

    private static long Of(JsonObject json, params string[] path) => json.Number(path) ?? 0;

    private static string Owner(JsonObject json)
    {
        var owner = json.Objects("metadata", "ownerReferences")
            .FirstOrDefault(reference => reference.Flag("controller"));
        return owner is null ? "<none>" : $"{owner.Text("kind")?.ToLowerInvariant()}.apps/{owner.Text("name")}";
    }

    private static string JobStatus(JsonObject json)
    {
        var holding = json.Objects("status", "conditions")
            .Where(condition => condition.Text("status") == "True")
            .Select(condition => condition.Text("type"))
            .ToList();
        return holding.Find(type => type is "Complete" or "Failed")
            ?? (
                holding.Contains("SuccessCriteriaMet") ? "SuccessCriteriaMet"
                : json.Flag("spec", "suspend") ? "Suspended"
                : "Running"
            );
    }

    private static string Duration(JsonObject json, DateTimeOffset now)
    {
        if (Timestamps.Parse(json.Text("status", "startTime")) is not { } start)
        {
            return "";
        }

        return Ages.Text((Timestamps.Parse(json.Text("status", "completionTime")) ?? now) - start);
    }
}
