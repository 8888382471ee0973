using System.Security.Cryptography;
using System.Text;
using VClusterManager.Contracts;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>An orphan as it was found.</summary>
/// <param name="Object">What it is on the host; for a release the secret of its newest revision.</param>
/// <param name="Cluster">The cluster that it belonged to; a name alone proves nothing.</param>
/// <param name="ClusterId">As its marks say; <see langword="null"/>: they say nothing.</param>
/// <param name="Row">The deleted cluster that it belonged to; <see langword="null"/>: none is remembered.</param>
internal sealed record FoundOrphan(
    OrphanKind Kind,
    HostTrace Object,
    NamespacedName? Cluster,
    Guid? ClusterId,
    DeletedCluster? Row,
    string Reason,
    DateTimeOffset CreatedAt
)
{
    /// <summary>Of what it is and of nothing that changes; no path of the host is made from what callers send.</summary>
    public string Id { get; } =
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind}/{Object.Namespace}/{Object.Name}/{Object.Uid}"))[..16]
        );

    /// <summary>The name of a release is the cluster's, not that of the secret that it is kept in.</summary>
    private string Name => Kind == OrphanKind.Release ? Cluster!.Value.Name : Object.Name;

    /// <summary>It is where the caller may look, and was theirs where they are bound to their own.</summary>
    public bool IsFor(Principal who) => who.MaySee(Object.Namespace ?? Object.Name, Row?.Owner);

    public Orphan Show() =>
        new()
        {
            Id = Id,
            Kind = Kind,
            Namespace = Object.Namespace ?? Object.Name,
            Name = Name,
            Cluster = Cluster?.Name,
            ClusterId = (ClusterId ?? Row?.Id)?.ToString(),
            ClusterDeleted = Row?.DeletedAt,
            Reason = Reason,
            Created = CreatedAt,
            Deleting = Object.Deleting,
        };
}
