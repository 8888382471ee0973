using VClusterManager.Contracts;
using VClusterManager.Server.Storage;
using OperationKind = VClusterManager.Contracts.OperationKind;
using OperationState = VClusterManager.Contracts.OperationState;

namespace VClusterManager.Server.Clusters;

/// <summary>What callers see of an operation. Pure.</summary>
internal static class OperationProjection
{
    public static Operation Of(OperationRow row, int? queuePosition) =>
        new()
        {
            Id = row.Id.ToString(),
            Kind = (OperationKind)row.Kind,
            State = (OperationState)row.State,
            Message = row.Message,
            ClusterId = row.ClusterId.ToString(),
            Cluster = row.ClusterName,
            Namespace = row.Namespace,
            Generation = row.Generation,
            Steps =
            [
                .. row.Steps.Select(s => new OperationStep(
                    s.Name,
                    (OperationState)s.State,
                    s.Message,
                    s.StartedAt,
                    s.FinishedAt
                )),
            ],
            QueuePosition = queuePosition,
            CreatedBy = row.CreatedBy,
            Created = row.CreatedAt,
            Started = row.StartedAt,
            Finished = row.FinishedAt,
        };
}
