using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>Writes a pod's status as the kubelet does at each stage.</summary>
internal sealed class PodStatusWriter(
    StoredObject pod,
    PodStage stage,
    string address,
    DateTimeOffset started,
    DateTimeOffset now
)
{
    /// <summary>Where an image could not be pulled: the message that the status shows.</summary>
    public string PullError { get; init; } = "";

    /// <summary>How often the containers were started again.</summary>
    public int Restarts { get; init; }

    /// <summary>What a container's command left; null where none has ended.</summary>
    public Func<JsonObject, int?> ExitCodeOf { get; init; } = _ => null;

    private bool Initialised =>
        stage
            is PodStage.Starting
                or PodStage.Running
                or PodStage.Ready
                or PodStage.Done
                or PodStage.Failed
                or PodStage.Crashed;

    private bool IsReady => stage == PodStage.Ready;

    private string NotReadyReason =>
        stage switch
        {
            PodStage.Done => "PodCompleted",
            PodStage.Failed => "PodFailed",
            _ => "ContainersNotReady",
        };

    public JsonObject Write()
    {
        var status = new JsonObject { ["phase"] = Phase() };
        status["conditions"] = Conditions();
        status["hostIP"] = Node.Address;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = Node.Address });
        status["podIP"] = address;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        status["startTime"] = Timestamps.Format(started);
        var init = pod.Json.Objects("spec", "initContainers").Select(InitContainer).ToArray();
        if (init.Length > 0)
        {
            status["initContainerStatuses"] = new JsonArray(init);
        }

        status["containerStatuses"] = new JsonArray([.. pod.Json.Objects("spec", "containers").Select(Container)]);
        status["qosClass"] = pod.Json.Text("status", "qosClass");
        status["observedGeneration"] = pod.Json.Number("metadata", "generation") ?? 1;
        return status;
    }

    private string Phase() =>
        stage switch
        {
            PodStage.Running or PodStage.Ready or PodStage.Crashed => "Running",
            PodStage.Done => "Succeeded",
            PodStage.Failed => "Failed",
            _ => "Pending",
        };

    private JsonArray Conditions()
    {
        var unready = string.Join(
            ' ',
            pod.Json.Objects("spec", "containers").Select(container => container.Text("name"))
        );
        var notReady = $"containers with unready status: [{unready}]";
        var uninitialised = string.Join(
            ' ',
            pod.Json.Objects("spec", "initContainers").Select(container => container.Text("name"))
        );
        return
        [
            Condition("PodReadyToStartContainers", true),
            Initialised
                ? Condition("Initialized", true)
                : Condition(
                    "Initialized",
                    false,
                    "ContainersNotInitialized",
                    $"containers with incomplete status: [{uninitialised}]"
                ),
            IsReady ? Condition("Ready", true) : Condition("Ready", false, NotReadyReason, notReady),
            IsReady
                ? Condition("ContainersReady", true)
                : Condition("ContainersReady", false, NotReadyReason, notReady),
            Condition("PodScheduled", true),
        ];
    }

    private JsonObject Condition(string type, bool status, string? reason = null, string? message = null)
    {
        var before = pod
            .Json.Objects("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == type);
        var text = status ? "True" : "False";
        var since = before.Text("status") == text ? before.Text("lastTransitionTime") : Timestamps.Format(now);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["observedGeneration"] = pod.Json.Number("metadata", "generation") ?? 1,
            ["status"] = text,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since,
        };
        if (reason is not null)
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }

        return condition;
    }

    private JsonObject InitContainer(JsonObject container)
    {
        var state = stage switch
        {
            PodStage.Initialising => Waiting("PodInitializing"),
            PodStage.PullFailed => Waiting("ErrImagePull", PullError),
            PodStage.PullBackOff => Waiting(
                "ImagePullBackOff",
                $"Back-off pulling image \"{container.Text("image")}\": ErrImagePull: {PullError}"
            ),
            _ => Terminated(container, 0, "Completed", now),
        };
        var status = Status(container, state, ready: Initialised, restarts: 0);
        status["started"] = false;
        return status;
    }

    private JsonObject Container(JsonObject container)
    {
        var running = stage is PodStage.Running or PodStage.Ready;
        var state = stage switch
        {
            PodStage.Running or PodStage.Ready => Running(container),
            PodStage.Done or PodStage.Failed => Ended(container),
            PodStage.Crashed => Waiting(
                "CrashLoopBackOff",
                $"back-off 5m0s restarting failed container={container.Text("name")} pod={pod.Name}_{pod.Namespace}({pod.Uid})"
            ),
            _ => Waiting("PodInitializing"),
        };
        var status = Status(container, state, IsReady, Restarts);
        status["started"] = running;
        if (stage == PodStage.Crashed)
        {
            status["lastState"] = Terminated(container, 1, "Error", now);
        }

        return status;
    }

    private JsonObject Status(JsonObject container, JsonObject state, bool ready, int restarts)
    {
        var image = container.Text("image") ?? "";
        var pulled = state["waiting"] is null;
        return new JsonObject
        {
            ["name"] = container.Text("name"),
            ["state"] = state,
            ["lastState"] = StatusOf(container).Object("lastState")?.Copy() ?? [],
            ["ready"] = ready,
            ["restartCount"] = restarts,
            ["image"] = image,
            ["imageID"] = pulled ? image : "",
            ["containerID"] = pulled ? ContainerId(container) : "",
        };
    }

    private JsonObject Running(JsonObject container)
    {
        var since = StatusOf(container).Text("state", "running", "startedAt") ?? Timestamps.Format(now);
        return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = since } };
    }

    private JsonObject Ended(JsonObject container)
    {
        var code = ExitCodeOf(container) ?? 0;
        return Terminated(container, code, code == 0 ? "Completed" : "Error", now);
    }

    private JsonObject Terminated(JsonObject container, int code, string reason, DateTimeOffset at)
    {
        if (StatusOf(container).Object("state", "terminated") is { } ended)
        {
            return new JsonObject { ["terminated"] = ended.DeepClone() };
        }

        return new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = code,
                ["reason"] = reason,
                ["startedAt"] = StatusOf(container).Text("state", "running", "startedAt") ?? Timestamps.Format(at),
                ["finishedAt"] = Timestamps.Format(at),
                ["containerID"] = ContainerId(container),
            },
        };
    }

    private JsonObject? StatusOf(JsonObject container) =>
        pod
            .Json.Objects("status", "initContainerStatuses")
            .Concat(pod.Json.Objects("status", "containerStatuses"))
            .FirstOrDefault(status => status.Text("name") == container.Text("name"));

    private string ContainerId(JsonObject container) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"containerd://{pod.Uid.Replace("-", "", StringComparison.Ordinal)}{container.Text("name")}"
        );

    private static JsonObject Waiting(string reason, string message = "") =>
        new()
        {
            ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message },
        };
}
