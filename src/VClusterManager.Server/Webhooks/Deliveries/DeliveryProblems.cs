using VClusterManager.Server.Http;

namespace VClusterManager.Server.Webhooks.Deliveries;

internal static class DeliveryProblems
{
    public static Problem Missing(Guid id) => new(ProblemKind.NotFound, $"There is no delivery {id}.");
}
