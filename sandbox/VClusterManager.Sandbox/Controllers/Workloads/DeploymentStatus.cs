using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>Sums up a Deployment's ReplicaSets.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Of(
        StoredObject deployment,
        IReadOnlyList<StoredObject> sets,
        string hash,
        DateTimeOffset now
    )
    {
        var current = sets.FirstOrDefault(set => set.Labels.Text("pod-template-hash") == hash);
        var wanted = deployment.Json.Number("spec", "replicas") ?? 1;
        var total = Sum(sets, "replicas");
        var ready = Sum(sets, "readyReplicas");
        var available = Sum(sets, "availableReplicas");
        var updated = current?.Json.Number("status", "replicas") ?? 0;
        var done = available >= wanted && updated == wanted && total == wanted;
        return new JsonObject
        {
            ["observedGeneration"] = deployment.Json.Number("metadata", "generation") ?? 0,
            ["replicas"] = total,
            ["updatedReplicas"] = updated,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = available,
            ["unavailableReplicas"] = Math.Max(0, wanted - available),
            ["conditions"] = new JsonArray(
                available >= wanted
                    ? Condition(
                        deployment,
                        now,
                        "Available",
                        true,
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability."
                    )
                    : Condition(
                        deployment,
                        now,
                        "Available",
                        false,
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability."
                    ),
                Condition(
                    deployment,
                    now,
                    "Progressing",
                    true,
                    done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                    done
                        ? $"ReplicaSet \"{current?.Name}\" has successfully progressed."
                        : $"ReplicaSet \"{current?.Name}\" is progressing."
                )
            ),
        };
    }

    private static long Sum(IReadOnlyList<StoredObject> sets, string count) =>
        sets.Sum(set => set.Json.Number("status", count) ?? 0);

    /// <summary>The condition as it was, unless something about it changed.</summary>
    private static JsonObject Condition(
        StoredObject deployment,
        DateTimeOffset now,
        string type,
        bool status,
        string reason,
        string message
    )
    {
        var before = deployment
            .Json.Objects("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == type);
        var text = status ? "True" : "False";
        if (before.Text("status") == text && before.Text("reason") == reason && before.Text("message") == message)
        {
            return before!.Copy();
        }

        var stamp = Timestamps.Format(now);
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = text,
            ["lastUpdateTime"] = stamp,
            ["lastTransitionTime"] = before.Text("status") == text ? before.Text("lastTransitionTime") : stamp,
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
