using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>Keeps the number of a ReplicaSet's pods.</summary>
internal sealed class ReplicaSetController(ControllerContext context) : IController
{
    private const string Component = "replicaset-controller";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue) =>
        queue.AddOwner(this, ResourceCatalog.ReplicaSets, ResourceCatalog.Pods, resource, change);

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.ReplicaSets, ns, name) is not { } set)
        {
            return;
        }

        if (!set.Deleting)
        {
            Scale(set);
        }

        var pods = PodsOf(set);
        var ready = pods.Count(pod => pod.IsReady());
        var status = new JsonObject
        {
            ["replicas"] = pods.Count,
            ["fullyLabeledReplicas"] = pods.Count,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["observedGeneration"] = set.Json.Number("metadata", "generation") ?? 0,
        };
        context.Registry.WriteStatus(ResourceCatalog.ReplicaSets, set, status);
    }

    private void Scale(StoredObject set)
    {
        var wanted = (int)(set.Json.Number("spec", "replicas") ?? 1);
        var pods = PodsOf(set);
        for (var i = pods.Count; i < wanted; i++)
        {
            var pod = PodTemplates.PodOf(set);
            pod.Ensure("metadata")["generateName"] = $"{set.Name}-";
            var created = context.Registry.Create(
                ResourceCatalog.Pods,
                set.Namespace,
                pod,
                WriteOptions.ControllerManager
            );
            context.Events.Normal(set, Component, "SuccessfulCreate", $"Created pod: {created.Name}");
        }

        foreach (var pod in pods.OrderBy(pod => pod.IsReady()).Take(Math.Max(0, pods.Count - wanted)))
        {
            context.Registry.Delete(ResourceCatalog.Pods, pod.Namespace, pod.Name, new DeleteOptions(pod.Uid));
            context.Events.Normal(set, Component, "SuccessfulDelete", $"Deleted pod: {pod.Name}");
        }
    }

    private List<StoredObject> PodsOf(StoredObject set) =>
        [
            .. context
                .Store.List(ResourceCatalog.Pods, set.Namespace)
                .Objects.Where(pod => pod.IsControlledBy(set) && !pod.Deleting && !pod.IsOver()),
        ];
}
