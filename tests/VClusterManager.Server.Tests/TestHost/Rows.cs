using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>Rows with what they must have; each of its own name and namespace unless told.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static string UniqueName() => $"c{Guid.NewGuid():N}"[..20];

    public static ClusterRow Cluster(
        string? name = null,
        string? ns = null,
        DateTimeOffset? createdAt = null,
        string? owner = null,
        Guid? id = null
    ) =>
        new()
        {
            Id = id ?? Guid.NewGuid(),
            Name = name ?? UniqueName(),
            Namespace = ns ?? $"vcluster-{UniqueName()}",
            KubernetesVersion = "1.35",
            KubernetesImageTag = "v1.35.0",
            CreatedBy = "tests",
            Owner = owner,
            Source = "api",
            CreatedAt = createdAt ?? Noon,
            UpdatedAt = createdAt ?? Noon,
        };

    public static AuditRow Audit(DateTimeOffset at) =>
        new()
        {
            Id = Guid.CreateVersion7(at),
            At = at,
            Principal = "anna",
            Source = "api_key",
            Address = "203.0.113.7",
            Action = "cluster.create",
            Result = AuditResult.Accepted,
            Status = 202,
            RequestId = "trace",
        };

    public static OperationRow Operation(ClusterRow cluster, OperationKind kind = OperationKind.Create) =>
        new()
        {
            Id = Guid.NewGuid(),
            ClusterId = cluster.Id,
            ClusterName = cluster.Name,
            Namespace = cluster.Namespace,
            Kind = kind,
            Generation = cluster.Generation,
            CreatedBy = "tests",
            CreatedAt = cluster.CreatedAt,
        };
}
