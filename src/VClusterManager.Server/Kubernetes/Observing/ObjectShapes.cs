using System.Text.Json;
using System.Text.Json.Serialization;

namespace VClusterManager.Server.Kubernetes.Observing;

// What of Kubernetes' objects is looked at, under the names of its API (https://kubernetes.io/docs/reference/kubernetes-api).
// The client library's models hold whole objects: reading one pod with them makes a hundred types ready, and took more
// memory than all else that an idle server has.

internal sealed record ObjectMeta
{
    public string Name { get; init; } = "";
    public string? Namespace { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public long? Generation { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }
    public List<string>? Finalizers { get; init; }
}

internal sealed record WorkloadShape(
    ObjectMeta Metadata,
    WorkloadShape.WorkloadSpec? Spec,
    WorkloadShape.WorkloadStatus? Status
)
{
    public sealed record WorkloadSpec(int? Replicas, TemplateShape? Template);

    public sealed record TemplateShape(PodSpecShape? Spec);

    public sealed record PodSpecShape(List<ContainerShape>? InitContainers, List<ContainerShape>? Containers);

    public sealed record ContainerShape(string? Name, string? Image);

    public sealed record WorkloadStatus(
        long? ObservedGeneration,
        int? Replicas,
        int? ReadyReplicas,
        int? UpdatedReplicas
    );
}

internal sealed record ConditionShape(string? Type, string? Status, string? Reason, string? Message);

internal sealed record NamespaceShape(ObjectMeta Metadata, NamespaceShape.NamespaceStatus? Status)
{
    public sealed record NamespaceStatus(string? Phase, List<ConditionShape>? Conditions);
}

internal sealed record ServiceShape(ServiceShape.ServiceStatus? Status)
{
    public sealed record ServiceStatus(BalancerShape? LoadBalancer);

    public sealed record BalancerShape(List<IngressShape>? Ingress);

    public sealed record IngressShape(string? Hostname, string? Ip);
}

internal sealed record ClaimShape(ObjectMeta Metadata, ClaimShape.ClaimSpec? Spec, ClaimShape.ClaimStatus? Status)
{
    public sealed record ClaimSpec(string? StorageClassName);

    public sealed record ClaimStatus(string? Phase);
}

/// <summary>An event of <c>v1</c>.</summary>
internal sealed record EventShape(
    ObjectMeta Metadata,
    EventShape.ReferenceShape? InvolvedObject,
    string? Reason,
    string? Message,
    int? Count,
    DateTimeOffset? LastTimestamp,
    DateTimeOffset? EventTime,
    EventShape.SeriesShape? Series
)
{
    public sealed record ReferenceShape(string? Kind, string? Name);

    public sealed record SeriesShape(int? Count, DateTimeOffset? LastObservedTime);
}

internal sealed record PodShape(ObjectMeta Metadata, PodShape.PodStatus? Status)
{
    public sealed record PodStatus(
        string? Phase,
        List<ConditionShape>? Conditions,
        List<ContainerStatusShape>? InitContainerStatuses,
        List<ContainerStatusShape>? ContainerStatuses
    );

    public sealed record ContainerStatusShape(
        string? Name,
        bool Ready,
        string? Image,
        int RestartCount,
        StateShape? State,
        StateShape? LastState
    );

    public sealed record StateShape(WaitingShape? Waiting, TerminatedShape? Terminated);

    public sealed record WaitingShape(string? Reason, string? Message);

    public sealed record TerminatedShape(string? Reason, string? Message, int ExitCode);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(WorkloadShape))]
[JsonSerializable(typeof(NamespaceShape))]
[JsonSerializable(typeof(ClaimShape))]
[JsonSerializable(typeof(ServiceShape))]
[JsonSerializable(typeof(EventShape))]
[JsonSerializable(typeof(PodShape))]
internal sealed partial class ObjectShapes : JsonSerializerContext;
