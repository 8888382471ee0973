using System.Collections.Concurrent;
using System.Globalization;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>
/// Plays the node: brings pods from stage to stage as time passes, and takes them down when they are to be deleted.
/// A pod's stage follows from the time since it came to the node and from the faults that are on, so a look at any
/// moment finds the right one; pods that are to change later are put back into the queue for then.
/// </summary>
internal sealed class NodeAgent(ControllerContext context, ContainerWorld containers) : IController
{
    private const string Component = "kubelet";
    private const string ControlPlaneContainer = "syncer";

    private readonly ConcurrentDictionary<string, PodRun> _runs = new(StringComparer.Ordinal);
    private int _lastAddress = 1;

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Pods && change.Kind == ChangeKind.Deleted)
        {
            _runs.TryRemove(change.Object.Uid, out _);
            containers.Forget(change.Object.Uid);
        }
        else if (resource == ResourceCatalog.Pods)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        var pod = context.Store.Find(ResourceCatalog.Pods, ns, name);
        if (pod is null || string.IsNullOrEmpty(pod.Json.Text("spec", "nodeName")))
        {
            return;
        }

        if (pod.Json.Text("status", "phase") is "Succeeded" or "Failed" && !pod.Deleting)
        {
            return;
        }

        if (pod.Deleting)
        {
            Terminate(pod, queue);
            return;
        }

        var run = RunOf(pod);
        var (stage, next) = StageOf(pod, run);
        if (stage is PodStage.Ready && PodCommands.End(pod))
        {
            // Commands begin when the pod runs, and it is looked at again when one has ended.
            containers.Start(pod, () => queue.Add(new WorkItem(this, ns, name)));
            stage = PodCommands.StageOf(pod, containers);
        }

        run.Enter(stage, context.Now);
        var status = new PodStatusWriter(pod, stage, run.Address, run.Started, context.Now)
        {
            PullError = UnpullableImage(pod) is { } image ? Images.PullError(image) : "",
            Restarts = run.Crashes,
            ExitCodeOf = container => containers.Of(pod, container).ExitCode,
        };
        Announce(pod, stage);
        context.Registry.WriteStatus(ResourceCatalog.Pods, pod, status.Write());
        if (next is { } delay)
        {
            queue.AddAfter(new WorkItem(this, ns, name), delay);
        }
    }

    /// <summary>Where the pod is now, and how long until it may be elsewhere.</summary>
    private (PodStage Stage, TimeSpan? Next) StageOf(StoredObject pod, PodRun run)
    {
        var (ns, cluster) = (pod.Namespace, Owners.VirtualClusterOf(pod));
        if (!run.ImagesPulled && UnpullableImage(pod) is not null)
        {
            return (run.NextPullStage(), context.Pace.PullRetry);
        }

        run.ImagesPulled = true;
        if (IsControlPlane(pod) && context.Faults.IsOn(FaultNames.CrashLoop, ns, cluster))
        {
            return (PodStage.Crashed, null);
        }

        var slow = Durations.TryParse(context.Faults.Find(FaultNames.SlowStart, ns, cluster)) ?? TimeSpan.Zero;
        var age = context.Now - run.Since;
        (PodStage Stage, TimeSpan Ends)[] stages =
        [
            (PodStage.Initialising, HasInit(pod) ? context.Pace.Initialised : TimeSpan.Zero),
            (PodStage.Starting, context.Pace.Started),
            (PodStage.Running, context.Pace.ReadyDelay + slow),
        ];
        foreach (var (stage, ends) in stages)
        {
            if (age < ends)
            {
                return (stage, ends - age);
            }
        }

        return (PodStage.Ready, null);
    }

    private void Terminate(StoredObject pod, WorkQueue queue)
    {
        var run = RunOf(pod);
        if (run.Ends is null)
        {
            var grace = TimeSpan.FromSeconds(pod.Json.Number("metadata", "deletionGracePeriodSeconds") ?? 0);
            run.Ends = context.Now + (grace < context.Pace.Terminated ? grace : context.Pace.Terminated);
            foreach (var container in pod.Json.Objects("spec", "containers"))
            {
                context.Events.Normal(pod, Component, "Killing", $"Stopping container {container.Text("name")}");
            }
        }

        var left = run.Ends.Value - context.Now;
        if (left > TimeSpan.Zero)
        {
            queue.AddAfter(new WorkItem(this, pod.Namespace, pod.Name), left);
            return;
        }

        context.Registry.Delete(
            ResourceCatalog.Pods,
            pod.Namespace,
            pod.Name,
            DeleteOptions.Now with
            {
                Uid = pod.Uid,
            }
        );
    }

    private void Announce(StoredObject pod, PodStage stage)
    {
        var image = UnpullableImage(pod);
        switch (stage)
        {
            case PodStage.PullFailed when image is not null:
                context.Events.Normal(pod, Component, "Pulling", $"Pulling image \"{image}\"");
                context.Events.Warning(
                    pod,
                    Component,
                    "Failed",
                    $"Failed to pull image \"{image}\": {Images.PullError(image)}"
                );
                context.Events.Warning(pod, Component, "Failed", "Error: ErrImagePull");
                break;
            case PodStage.PullBackOff when image is not null:
                context.Events.Normal(pod, Component, "BackOff", $"Back-off pulling image \"{image}\"");
                context.Events.Warning(pod, Component, "Failed", "Error: ImagePullBackOff");
                break;
            case PodStage.Crashed:
                context.Events.Warning(
                    pod,
                    Component,
                    "BackOff",
                    $"Back-off restarting failed container {ControlPlaneContainer} in pod {pod.Name}_{pod.Namespace}({pod.Uid})"
                );
                break;
            case PodStage.Running or PodStage.Ready when pod.Json.Text("status", "phase") != "Running":
                AnnounceStart(pod);
                break;
            default:
                break;
        }
    }

    private void AnnounceStart(StoredObject pod)
    {
        foreach (
            var container in pod.Json.Objects("spec", "initContainers").Concat(pod.Json.Objects("spec", "containers"))
        )
        {
            var name = container.Text("name");
            context.Events.Normal(
                pod,
                Component,
                "Pulled",
                $"Container image \"{container.Text("image")}\" already present on machine"
            );
            context.Events.Normal(pod, Component, "Created", $"Created container: {name}");
            context.Events.Normal(pod, Component, "Started", $"Started container {name}");
        }
    }

    /// <summary>The image that keeps the pod from starting; null when all can be had.</summary>
    private string? UnpullableImage(StoredObject pod)
    {
        var images = pod
            .Json.Objects("spec", "initContainers")
            .Concat(pod.Json.Objects("spec", "containers"))
            .Select(container => container.Text("image") ?? "");
        var broken = context.Faults.IsOn(FaultNames.ImageError, pod.Namespace, Owners.VirtualClusterOf(pod));
        return images.FirstOrDefault(image =>
            !Images.Exists(image) || (broken && image.StartsWith(Images.ControlPlane, StringComparison.Ordinal))
        );
    }

    private static bool HasInit(StoredObject pod) => pod.Json.Objects("spec", "initContainers").Any();

    private static bool IsControlPlane(StoredObject pod) =>
        pod.Json.Objects("spec", "containers").Any(container => container.Text("name") == ControlPlaneContainer);

    private PodRun RunOf(StoredObject pod)
    {
        if (!_runs.TryGetValue(pod.Uid, out var run))
        {
            // After a restart of the program pods go on from where their status says they were.
            var address = pod.Json.Text("status", "podIP");
            var started = Timestamps.Parse(pod.Json.Text("status", "startTime"));
            _runs[pod.Uid] = run = new PodRun(address ?? NextAddress(), started ?? context.Now);
        }

        return run;
    }

    private string NextAddress()
    {
        var number = ++_lastAddress;
        return string.Create(CultureInfo.InvariantCulture, $"10.244.{number / 250 % 250}.{(number % 250) + 1}");
    }
}
