using System.Text.Json.Nodes;

namespace VCluster.StandIn.Finding;

/// <summary>The word that <c>kubectl get pods</c> shows for a pod, which is also what list and describe say of a cluster.</summary>
internal static class PodStatus
{
    public static string Of(JsonObject pod)
    {
        var status = pod["status"] as JsonObject ?? [];
        var reason = Text(status, "reason") is { Length: > 0 } given ? given : Text(status, "phase");
        reason = Initializing(pod, status) ?? Containers(status, reason);
        if (pod["metadata"]?["deletionTimestamp"] is null)
        {
            return reason;
        }

        return Text(status, "reason") == "NodeLost" ? "Unknown" : "Terminating";
    }

    /// <summary>What keeps the pod in its init containers; null once they are through.</summary>
    private static string? Initializing(JsonObject pod, JsonObject status)
    {
        var total = (pod["spec"]?["initContainers"] as JsonArray)?.Count ?? 0;
        var index = 0;
        foreach (var container in List(status, "initContainerStatuses"))
        {
            var state = container["state"] as JsonObject ?? [];
            if (state["terminated"] is JsonObject ended)
            {
                if (Number(ended, "exitCode") != 0)
                {
                    return "Init:" + Ended(ended);
                }

                index++;
                continue;
            }

            var waiting = Text(state["waiting"] as JsonObject ?? [], "reason");
            return waiting.Length > 0 && waiting != "PodInitializing" ? "Init:" + waiting : $"Init:{index}/{total}";
        }

        return null;
    }

    private static string Containers(JsonObject status, string reason)
    {
        var running = false;
        foreach (var container in List(status, "containerStatuses").Reverse())
        {
            var state = container["state"] as JsonObject ?? [];
            if (Text(state["waiting"] as JsonObject ?? [], "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (state["terminated"] is JsonObject ended)
            {
                reason = Ended(ended);
            }
            else if (state["running"] is not null && (container["ready"]?.GetValue<bool>() ?? false))
            {
                running = true;
            }
        }

        return reason == "Completed" && running ? "Running" : reason;
    }

    private static string Ended(JsonObject terminated) =>
        Text(terminated, "reason") is { Length: > 0 } reason ? reason
        : Number(terminated, "signal") is > 0 and var signal ? $"Signal:{signal}"
        : $"ExitCode:{Number(terminated, "exitCode")}";

    private static IEnumerable<JsonObject> List(JsonObject status, string key) =>
        (status[key] as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonObject entry, string key) => entry[key]?.GetValue<string>() ?? "";

    private static int Number(JsonObject entry, string key) => entry[key]?.GetValue<int>() ?? 0;
}
