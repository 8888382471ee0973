using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>What the host shows of all virtual clusters at one moment. What could not be read never becomes a picture.</summary>
/// <param name="Workloads">Of all virtual clusters, whosever they are.</param>
/// <param name="Releases">Those that this manager has installed, and that have no workload.</param>
/// <param name="Belongings">Of all virtual clusters, whosever they are.</param>
internal sealed record HostPicture(
    IReadOnlyList<ObservedCluster> Workloads,
    IReadOnlyList<OwnRelease> Releases,
    IReadOnlyList<ObservedNamespace> Namespaces,
    IReadOnlyList<HostBelonging> Belongings
);

/// <summary>A Helm release that this manager has installed.</summary>
/// <param name="Id">Of the cluster that it was installed for.</param>
internal sealed record OwnRelease(NamespacedName Key, ObservedRelease Newest, Guid? Id);

/// <summary>The clusters that the database knows, read after the picture was taken: what is on the host has its row by then.</summary>
/// <param name="Live">Those that are there, or being made or taken away.</param>
/// <param name="Deleted">Those that are remembered and concern the picture.</param>
internal sealed record KnownClusters(IReadOnlyList<KnownCluster> Live, IReadOnlyList<DeletedCluster> Deleted)
{
    private readonly Dictionary<Guid, KnownCluster> _byId = Live.ToDictionary(c => c.Id);
    private readonly Dictionary<NamespacedName, KnownCluster> _byKey = Live.ToDictionary(c => c.Key);
    private readonly HashSet<string> _namespaces = [.. Live.Select(c => c.Key.Namespace)];

    public KnownCluster? Find(Guid? id) => id is { } known ? _byId.GetValueOrDefault(known) : null;

    public KnownCluster? Find(NamespacedName key) => _byKey.GetValueOrDefault(key);

    public bool IsHome(string @namespace) => _namespaces.Contains(@namespace);

    public DeletedCluster? FindDeleted(Guid? id) => Deleted.FirstOrDefault(row => row.Id == id);

    /// <summary>The newest of that name.</summary>
    public DeletedCluster? FindDeleted(NamespacedName key, Func<DeletedCluster, bool> holds) =>
        Deleted.Where(row => row.Key == key && holds(row)).MaxBy(row => row.DeletedAt);
}

internal sealed record KnownCluster(Guid Id, NamespacedName Key);

/// <summary>What is remembered of a cluster that is gone.</summary>
internal sealed record DeletedCluster(
    Guid Id,
    NamespacedName Key,
    DateTimeOffset CreatedAt,
    DateTimeOffset DeletedAt,
    bool KeepVolumes,
    string Source,
    string? Owner
);
