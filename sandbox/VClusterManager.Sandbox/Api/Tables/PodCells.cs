using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>A pod in one line: how many of its containers are ready and in which words its state is put.</summary>
internal static class PodCells
{
    public static string Ready(JsonObject pod)
    {
        var ready = pod.Objects("status", "containerStatuses").Count(status => status.Flag("ready"));
        return string.Create(CultureInfo.InvariantCulture, $"{ready}/{pod.Objects("spec", "containers").Count()}");
    }

    public static long Restarts(JsonObject pod) =>
        pod.Objects("status", "containerStatuses").Sum(status => status.Number("restartCount") ?? 0);

    public static string Status(JsonObject pod)
    {
        var reason = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "";
        var initialising = InitStatus(pod);
        reason = initialising ?? ContainerStatus(pod, reason);
        return pod.At("metadata", "deletionTimestamp") is null ? reason : "Terminating";
    }

    private static string? InitStatus(JsonObject pod)
    {
        var total = pod.Objects("spec", "initContainers").Count();
        var at = 0;
        foreach (var status in pod.Objects("status", "initContainerStatuses"))
        {
            if (status.Object("state", "terminated") is { } terminated && terminated.Number("exitCode") == 0)
            {
                at++;
                continue;
            }

            if (status.Object("state", "terminated") is { } failed)
            {
                return $"Init:{failed.Text("reason") ?? $"ExitCode:{failed.Number("exitCode")}"}";
            }

            return status.Text("state", "waiting", "reason") is { Length: > 0 } waiting and not "PodInitializing"
                ? $"Init:{waiting}"
                : $"Init:{at}/{total}";
        }

        return null;
    }

    private static string ContainerStatus(JsonObject pod, string phase)
    {
        var reason = phase;
        var running = false;
        foreach (var status in pod.Objects("status", "containerStatuses").Reverse())
        {
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (status.Object("state", "terminated") is { } terminated)
            {
                reason = terminated.Text("reason") ?? $"ExitCode:{terminated.Number("exitCode")}";
            }
            else if (status.Flag("ready") && status.Object("state", "running") is not null)
            {
                running = true;
            }
        }

        return reason == "Completed" && running ? "Running" : reason;
    }
}
