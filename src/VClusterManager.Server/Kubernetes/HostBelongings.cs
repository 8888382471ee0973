using System.Text.Json;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes;

/// <summary>An object that stays on the host when a virtual cluster's release is gone.</summary>
/// <param name="Cluster">The cluster that it belongs to, by its labels; whether there is one, they do not tell.</param>
internal sealed record HostBelonging(
    HostTrace Object,
    NamespacedName Cluster,
    DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, string> Annotations
);

/// <summary>Finds the volumes, config maps and secrets of all virtual clusters on the host, by their labels alone.</summary>
internal sealed class HostBelongings(HostApi api)
{
    private static readonly HostResource[] Kinds =
    [
        HostResource.VolumeClaim,
        HostResource.ConfigMap,
        HostResource.Secret,
    ];

    private static readonly string[] Selectors = [ClusterLabels.Ours, ClusterLabels.ManagedBy];

    public Task<HostAnswer<IReadOnlyList<HostBelonging>>> FindAsync(CancellationToken cancellation) =>
        api.AnswerListsAsync<IReadOnlyList<HostBelonging>>(
            async () =>
            {
                var found = await Task.WhenAll(
                    Kinds.SelectMany(kind => Selectors.Select(labels => ListAsync(kind, labels, cancellation)))
                );
                return [.. found.SelectMany(list => list).DistinctBy(belonging => belonging.Object.Uid)];
            },
            cancellation
        );

    private async Task<List<HostBelonging>> ListAsync(HostResource kind, string labels, CancellationToken cancellation)
    {
        var found = new List<HostBelonging>();
        var query = new HostQuery(kind, Labels: labels, MetadataOnly: true);
        await api.ListPagesAsync(query, Add, cancellation, api.Timeout);
        return found;

        void Add(JsonElement item)
        {
            var meta = Observe.Metadata(item);
            if (ClusterOf(kind, meta) is { Length: > 0 } cluster)
            {
                found.Add(
                    new HostBelonging(
                        Observe.Trace(kind, meta),
                        new NamespacedName(meta.Namespace ?? "", cluster),
                        Observe.Time(meta.CreationTimestamp),
                        meta.Annotations ?? Nothing
                    )
                );
            }
        }
    }

    private static readonly Dictionary<string, string> Nothing = [];

    // A tenant's own labels must not make it another cluster's: the syncer's mark comes first.
    private static string? ClusterOf(HostResource kind, ObjectMeta meta) =>
        Observe.Label(meta, ClusterLabels.ManagedBy)
        ?? Observe.Label(meta, ClusterLabels.Release)
        ?? (kind == HostResource.Secret ? Observe.Label(meta, ClusterLabels.SyncerSecret) : null);
}
