using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>A virtual cluster: what was asked for, and what the host shows of it.</summary>
public sealed record Cluster
{
    /// <summary>Unique for ever, a UUID. An unmanaged cluster has the UID of its workload.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique within its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace of the host that it lives in.</summary>
    public required string Namespace { get; init; }

    /// <summary>Where it stands, as observed on the host.</summary>
    public required ClusterStatus Status { get; init; }

    /// <summary>Why, in words a person can act on; empty when there is nothing to say.</summary>
    public required string Message { get; init; }

    /// <summary>The parts of the status, as Kubernetes has them.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>When it was asked for; its time to live counts from here.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When anything about it was last changed.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The Kubernetes version, such as <c>1.35</c>.</summary>
    [JsonPropertyName("k8s_version")]
    public required string KubernetesVersion { get; init; }

    /// <summary>Labels given by its owner.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>False: found on the host, shown, and never touched unless adopted.</summary>
    public required bool Managed { get; init; }

    /// <summary>It is never pruned.</summary>
    public required bool Protected { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The door it came through, <c>api</c>, <c>pull_request</c> or <c>adopted</c>.</summary>
    public required string? Source { get; init; }

    /// <summary>Its time to live in hours, 1 to 720.</summary>
    public required int? TtlHours { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>It is put to sleep when nobody has used it for so long, such as <c>2h</c>; null: never.</summary>
    public required string? SleepAfter { get; init; }

    /// <summary>When it sleeps and wakes; null: at no fixed times.</summary>
    public required SleepSchedule? SleepSchedule { get; init; }

    /// <summary>Raised by every request that needs work on the host.</summary>
    public required long Generation { get; init; }

    /// <summary>The newest generation that the host has reached.</summary>
    public required long ObservedGeneration { get; init; }

    /// <summary>The operation that is queued or running; null when there is none.</summary>
    public required ClusterOperation? Operation { get; init; }

    /// <summary>The address of its API server as its own kubeconfig has it; null until it is ready.</summary>
    public required string? Endpoint { get; init; }

    /// <summary>Its own kubeconfig. Only with <c>include=kubeconfig</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kubeconfig { get; init; }

    /// <summary>The vcluster.yaml values that were asked for. Only with <c>include=values</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Values { get; init; }
}

/// <summary>Where a virtual cluster stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterStatus>))]
public enum ClusterStatus
{
    /// <summary>Accepted, and queued.</summary>
    Pending,

    /// <summary>Being made.</summary>
    Provisioning,

    /// <summary>The workload is ready and its kubeconfig is there.</summary>
    Running,

    /// <summary>Being upgraded, or on its way to sleep.</summary>
    Updating,

    /// <summary>Paused: it keeps its volumes, and runs nothing.</summary>
    Sleeping,

    /// <summary>Being woken.</summary>
    Waking,

    /// <summary>Being taken away.</summary>
    Deleting,

    /// <summary>It needs a person; <c>message</c> says why.</summary>
    Failed,

    /// <summary>The host cannot be read: it may be well or not.</summary>
    Unknown,
}

/// <summary>One part of a status.</summary>
/// <param name="Type"><c>Ready</c>, <c>Installed</c>, <c>HostReachable</c> or, near its end, <c>Expiring</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">One CamelCase word.</param>
/// <param name="Message">The same for people.</param>
public sealed record Condition(string Type, string Status, string Reason, string Message);

/// <summary>When a cluster sleeps and wakes: cron expressions of five fields, in the local time of a zone.</summary>
/// <param name="Sleep">When it is put to sleep, such as <c>0 20 * * MON-FRI</c>; <c>never</c>: it has no schedule.</param>
/// <param name="Wake">When it is woken; null: not by the clock.</param>
/// <param name="TimeZone">A name of the IANA database, such as <c>Europe/Berlin</c>; null: UTC.</param>
public sealed record SleepSchedule(string? Sleep, string? Wake = null, string? TimeZone = null);

/// <summary>The operation that a cluster is in.</summary>
/// <param name="Id">Of <c>/api/operations/{id}</c>.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Step">The step it is at; null while it is queued.</param>
/// <param name="Progress">Steps done, in percent.</param>
public sealed record ClusterOperation(string Id, OperationKind Kind, string? Step, int Progress);

/// <summary>A page of clusters.</summary>
/// <param name="Clusters">The clusters.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record ClusterList(IReadOnlyList<Cluster> Clusters, string? NextCursor, int Total);
