using System.Diagnostics.Metrics;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Observability;
using OperationKind = VClusterManager.Server.Storage.OperationKind;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Clusters;

/// <summary>How clusters stand, from memory. Every server knows all of them: take the greatest, not the sum.</summary>
internal sealed class ClusterGauges : IGauges
{
    public const string MeterName = "VClusterManager.Clusters";

    private static readonly ClusterStatus[] Statuses = Enum.GetValues<ClusterStatus>();
    private static readonly OperationKind[] Kinds = Enum.GetValues<OperationKind>();
    private static readonly OperationState[] Active = [OperationState.Queued, OperationState.Running];

    private readonly ClusterView _clusters;
    private readonly HostView _host;

    public ClusterGauges(ClusterView clusters, HostView host, Pruner pruner, IMeterFactory meters)
    {
        (_clusters, _host) = (clusters, host);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "vcluster_manager.clusters",
            ByStatus,
            "{cluster}",
            "Clusters of this manager, by their status."
        );
        meter.CreateObservableGauge(
            "vcluster_manager.operations.active",
            ByOperation,
            "{operation}",
            "Operations that drive a cluster now, by kind: queued, or running."
        );
        meter.CreateObservableGauge(
            "vcluster_manager.clusters.overdue",
            pruner.CountOverdue,
            "{cluster}",
            "Clusters whose end has come more than five minutes ago."
        );
    }

    // What there is none of is 0, and not away.
    private IEnumerable<Measurement<int>> ByStatus()
    {
        var freshness = _host.Freshness;
        var counts = _clusters
            .All.Select(cluster => ClusterProjection.Status(cluster.Row.Phase, freshness))
            .CountBy(status => status)
            .ToDictionary();
        return Statuses.Select(status => new Measurement<int>(
            counts.GetValueOrDefault(status),
            Label.Of("status", status)
        ));
    }

    private IEnumerable<Measurement<int>> ByOperation()
    {
        var counts = _clusters
            .All.Where(cluster => cluster.HasActiveOperation)
            .CountBy(cluster => (cluster.Operation!.Kind, cluster.Operation.State))
            .ToDictionary();
        return from kind in Kinds
            from state in Active
            select new Measurement<int>(
                counts.GetValueOrDefault((kind, state)),
                Label.Of("kind", kind),
                Label.Of("state", state)
            );
    }
}
