using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>Something on the host that is this manager's, and belongs to none of its clusters.</summary>
public sealed record Orphan
{
    /// <summary>Stays the same as long as the object is there.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public required OrphanKind Kind { get; init; }

    /// <summary>The namespace that it is in; its own name for a namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name on the host.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the cluster that it belonged to; null where nothing tells.</summary>
    public required string? Cluster { get; init; }

    /// <summary>The id of the cluster that it belonged to; null where nothing tells.</summary>
    public required string? ClusterId { get; init; }

    /// <summary>When that cluster was deleted; null: the database does not remember one.</summary>
    public required DateTimeOffset? ClusterDeleted { get; init; }

    /// <summary>Why nobody owns it, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>It is on its way out already.</summary>
    public required bool Deleting { get; init; }
}

/// <summary>What an orphan is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrphanKind>))]
public enum OrphanKind
{
    /// <summary>A virtual cluster's StatefulSet or Deployment, with its Helm release.</summary>
    [JsonStringEnumMemberName("workload")]
    Workload,

    /// <summary>A Helm release without a workload.</summary>
    [JsonStringEnumMemberName("release")]
    Release,

    /// <summary>A namespace that was made for a cluster.</summary>
    [JsonStringEnumMemberName("namespace")]
    Namespace,

    /// <summary>A volume claim.</summary>
    [JsonStringEnumMemberName("volume")]
    Volume,

    /// <summary>A config map.</summary>
    [JsonStringEnumMemberName("config_map")]
    ConfigMap,

    /// <summary>A secret.</summary>
    [JsonStringEnumMemberName("secret")]
    Secret,
}

/// <summary>A page of orphans.</summary>
/// <param name="Orphans">The orphans, by namespace.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record OrphanList(IReadOnlyList<Orphan> Orphans, string? NextCursor, int Total);
