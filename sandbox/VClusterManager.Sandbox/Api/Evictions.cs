using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>Takes a pod away unless a disruption budget forbids it.</summary>
internal static class Evictions
{
    private static readonly ResourceDefinition Budgets = ResourceCatalog.Find("policy", "v1", "poddisruptionbudgets")!;

    public static async Task AnswerAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http, "Eviction");
        var pod = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
        foreach (var budget in request.Cluster.Store.List(Budgets, request.Namespace).Objects)
        {
            var covered = LabelSelector.FromObject(budget.Json.Object("spec", "selector"))?.Matches(pod.Labels) == true;
            if (covered && budget.Json.Number("status", "disruptionsAllowed") is null or 0)
            {
                throw Refusals.TooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.");
            }
        }

        var options = DeleteOptions.From(body.Object("deleteOptions"), request.QueryDeleteOptions);
        request.Cluster.Registry.Delete(request.Resource, request.Namespace, request.Info.Name, options);
        await request.Http.WriteJsonAsync(
            201,
            new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["code"] = 201,
            }
        );
    }
}
