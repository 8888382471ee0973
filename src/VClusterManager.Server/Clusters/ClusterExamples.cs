using System.Text.Json.Nodes;
using VClusterManager.Contracts;

namespace VClusterManager.Server.Clusters;

/// <summary>A cluster's life as the description of the API tells it.</summary>
internal static class ClusterExamples
{
    public const string Id = "019a52f0-7c1e-7d3a-9f0b-6f1d2c3b4a59";
    public const string OperationId = "019a52f0-7c1f-72c4-8e55-0a9b8c7d6e5f";

    public static DateTimeOffset Asked { get; } = new(2026, 3, 2, 9, 15, 0, TimeSpan.Zero);

    public static ClusterCreate Create { get; } =
        new()
        {
            Name = "demo",
            KubernetesVersion = "1.35",
            Labels = new Dictionary<string, string> { ["team"] = "a" },
            TtlHours = 24,
            Values = Json("""{"sync":{"toHost":{"ingresses":{"enabled":true}}}}"""),
        };

    public static JsonObject Patch { get; } = Json("""{"ttl_hours":48,"labels":{"team":"b","temporary":null}}""");

    public static Cluster Running { get; } =
        new()
        {
            Id = Id,
            Name = "demo",
            Namespace = "vcluster-demo",
            Status = ClusterStatus.Running,
            Message = "",
            Conditions =
            [
                new Condition("Ready", "True", "Ready", ""),
                new Condition("Installed", "True", "Deployed", "Revision 1."),
                new Condition("HostReachable", "True", "Watching", ""),
            ],
            Created = Asked,
            Updated = Asked.AddSeconds(24),
            KubernetesVersion = "1.35",
            Labels = new Dictionary<string, string> { ["team"] = "a" },
            Managed = true,
            Protected = false,
            CreatedBy = "ci",
            Source = ClusterSources.Api,
            TtlHours = 24,
            ExpiresAt = Asked.AddHours(24),
            SleepAfter = "2h",
            SleepSchedule = new SleepSchedule("0 20 * * MON-FRI", "0 7 * * MON-FRI", "Europe/Berlin"),
            Generation = 1,
            ObservedGeneration = 1,
            Operation = null,
            Endpoint = "https://demo.vcluster-demo.svc:443",
        };

    public static Cluster Accepted { get; } =
        Running with
        {
            Status = ClusterStatus.Pending,
            Message = "Waits for its turn.",
            Conditions =
            [
                new Condition("Ready", "False", "NotReady", "There is no workload yet."),
                new Condition("Installed", "False", "NoRelease", "There is no Helm release."),
                new Condition("HostReachable", "True", "Watching", ""),
            ],
            Updated = Asked,
            ObservedGeneration = 0,
            Operation = new ClusterOperation(OperationId, OperationKind.Create, Step: null, Progress: 0),
            Endpoint = null,
        };

    public static Cluster Sleeping { get; } =
        Running with
        {
            Status = ClusterStatus.Sleeping,
            Message = "It is paused.",
            Conditions =
            [
                new Condition("Ready", "False", "Paused", "It is paused."),
                new Condition("Installed", "True", "Deployed", "Revision 1."),
                new Condition("HostReachable", "True", "Watching", ""),
            ],
            Generation = 2,
            ObservedGeneration = 2,
        };

    public static ClusterList List { get; } = new([Running], NextCursor: null, Total: 1);

    public static ClusterValidation Validation { get; } =
        new(
            Valid: true,
            "demo",
            "vcluster-demo",
            "1.35",
            "v1.35.0",
            "controlPlane:\n  distro:\n    k8s:\n      image:\n        tag: v1.35.0\n"
        );

    public static Operation Deleting { get; } =
        new()
        {
            Id = OperationId,
            Kind = OperationKind.Delete,
            State = OperationState.Queued,
            Message = "",
            ClusterId = Id,
            Cluster = "demo",
            Namespace = "vcluster-demo",
            Generation = 2,
            Steps = [],
            QueuePosition = 1,
            CreatedBy = "ci",
            Created = Asked.AddHours(2),
            Started = null,
            Finished = null,
        };

    public static Operation Deleted { get; } =
        Deleting with
        {
            State = OperationState.Succeeded,
            Steps =
            [
                Done("uninstall", 2, "The release was uninstalled."),
                Done("clean up", 12, "Nothing was left over."),
                Done("gone", 13, "Nothing of it is on the host."),
            ],
            QueuePosition = null,
            Started = Asked.AddHours(2).AddSeconds(1),
            Finished = Asked.AddHours(2).AddSeconds(13),
        };

    private static OperationStep Done(string name, int second, string message) =>
        new(
            name,
            OperationState.Succeeded,
            message,
            Asked.AddHours(2).AddSeconds(1),
            Asked.AddHours(2).AddSeconds(second)
        );

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
