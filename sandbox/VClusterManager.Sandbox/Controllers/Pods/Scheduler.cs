using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>Puts pods on the node once all their claims have volumes.</summary>
internal sealed class Scheduler(ControllerContext context) : IController
{
    private const string Component = "default-scheduler";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Pods && IsUnscheduled(change.Object) && change.Kind != ChangeKind.Deleted)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
        else if (resource == ResourceCatalog.Claims)
        {
            foreach (
                var pod in context
                    .Store.List(ResourceCatalog.Pods, change.Object.Namespace)
                    .Objects.Where(IsUnscheduled)
            )
            {
                queue.Add(new WorkItem(this, pod.Namespace, pod.Name));
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.Pods, ns, name) is not { Deleting: false } pod || !IsUnscheduled(pod))
        {
            return;
        }

        if (MissingVolume(pod) is { } why)
        {
            Wait(pod, why);
        }
        else
        {
            Bind(pod);
        }
    }

    private static bool IsUnscheduled(StoredObject pod) => string.IsNullOrEmpty(pod.Json.Text("spec", "nodeName"));

    private string? MissingVolume(StoredObject pod)
    {
        foreach (var name in ClaimsOf(pod.Json))
        {
            var claim = context.Store.Find(ResourceCatalog.Claims, pod.Namespace, name);
            if (claim is null)
            {
                return $"0/1 nodes are available: persistentvolumeclaim \"{name}\" not found. not found";
            }

            if (claim.Json.Text("status", "phase") != "Bound")
            {
                return "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
            }
        }

        return null;
    }

    /// <summary>The names of the claims that a pod mounts.</summary>
    public static IEnumerable<string> ClaimsOf(JsonObject pod) =>
        pod.Objects("spec", "volumes")
            .Select(volume => volume.Text("persistentVolumeClaim", "claimName"))
            .OfType<string>();

    private void Wait(StoredObject pod, string why)
    {
        var known = pod
            .Json.Objects("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == "PodScheduled");
        if (known.Text("message") == why)
        {
            return;
        }

        var status = pod.Json.Object("status")?.Copy() ?? [];
        status["conditions"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "PodScheduled",
                ["observedGeneration"] = pod.Json.Number("metadata", "generation") ?? 1,
                ["status"] = "False",
                ["lastProbeTime"] = null,
                ["lastTransitionTime"] = Timestamps.Format(context.Now),
                ["reason"] = "Unschedulable",
                ["message"] = why,
            }
        );
        context.Registry.WriteStatus(ResourceCatalog.Pods, pod, status);
        context.Events.Warning(pod, Component, "FailedScheduling", why);
    }

    private void Bind(StoredObject pod)
    {
        context.Registry.Update(
            ResourceCatalog.Pods,
            pod.Namespace,
            pod.Name,
            json =>
            {
                json.Ensure("spec")["nodeName"] = Node.Name;
                var condition = new JsonObject
                {
                    ["type"] = "PodScheduled",
                    ["observedGeneration"] = pod.Json.Number("metadata", "generation") ?? 1,
                    ["status"] = "True",
                    ["lastProbeTime"] = null,
                    ["lastTransitionTime"] = Timestamps.Format(context.Now),
                };
                json.Ensure("status")["conditions"] = new JsonArray(condition);
                return json;
            },
            new WriteOptions("kube-scheduler", Subresource: "binding")
        );
        context.Events.Normal(
            pod,
            Component,
            "Scheduled",
            $"Successfully assigned {pod.Namespace}/{pod.Name} to {Node.Name}"
        );
    }
}
