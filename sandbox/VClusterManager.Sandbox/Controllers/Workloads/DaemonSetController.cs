using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>Keeps one pod of each DaemonSet on the one node, of the latest template.</summary>
internal sealed class DaemonSetController(ControllerContext context) : IController
{
    private const string Component = "daemonset-controller";
    private const string HashLabel = "controller-revision-hash";

    private static readonly ResourceDefinition DaemonSets = ResourceCatalog.Find("apps", "v1", "daemonsets")!;

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue) =>
        queue.AddOwner(this, DaemonSets, ResourceCatalog.Pods, resource, change);

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(DaemonSets, ns, name) is not { Deleting: false } set)
        {
            return;
        }

        var hash = TemplateHash.Of(set.Json["spec"]?["template"]);
        var pod = context
            .Store.List(ResourceCatalog.Pods, ns)
            .Objects.FirstOrDefault(pod => pod.IsControlledBy(set) && !pod.Deleting);
        if (pod is null)
        {
            pod = Create(set, hash);
        }
        else if (pod.Labels.Text(HashLabel) != hash || pod.IsOver())
        {
            context.Registry.Delete(ResourceCatalog.Pods, ns, pod.Name, new DeleteOptions(pod.Uid));
            context.Events.Normal(set, Component, "SuccessfulDelete", $"Deleted pod: {pod.Name}");
            return;
        }

        var ready = pod.IsReady() ? 1 : 0;
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = 1,
            ["desiredNumberScheduled"] = 1,
            ["numberMisscheduled"] = 0,
            ["numberReady"] = ready,
            ["numberAvailable"] = ready,
            ["numberUnavailable"] = 1 - ready,
            ["updatedNumberScheduled"] = 1,
            ["observedGeneration"] = set.Json.Number("metadata", "generation") ?? 0,
        };
        context.Registry.WriteStatus(DaemonSets, set, status);
    }

    private StoredObject Create(StoredObject set, string hash)
    {
        var pod = PodTemplates.PodOf(set);
        var metadata = pod.Ensure("metadata");
        metadata["generateName"] = $"{set.Name}-";
        metadata.Ensure("labels")[HashLabel] = hash;
        var created = context.Registry.Create(ResourceCatalog.Pods, set.Namespace, pod, WriteOptions.ControllerManager);
        context.Events.Normal(set, Component, "SuccessfulCreate", $"Created pod: {created.Name}");
        return created;
    }
}
