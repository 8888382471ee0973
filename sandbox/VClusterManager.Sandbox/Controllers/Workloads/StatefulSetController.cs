using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>
/// Keeps the numbered pods of StatefulSets and their claims: makes what is missing, takes away what is too many from
/// the highest number down, replaces pods of an old template one at a time, and writes down what there is.
/// </summary>
internal sealed class StatefulSetController(ControllerContext context) : IController
{
    private const string Component = "statefulset-controller";
    private const string RevisionLabel = "controller-revision-hash";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue) =>
        queue.AddOwner(this, ResourceCatalog.StatefulSets, ResourceCatalog.Pods, resource, change);

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.StatefulSets, ns, name) is not { } set)
        {
            return;
        }

        var revision = $"{name}-{TemplateHash.Of(set.Json["spec"]?["template"])}";
        try
        {
            if (!set.Deleting)
            {
                StatefulSetRevisions.Ensure(context, set, revision);
                Scale(set, revision);
                Update(set, revision);
                StatefulSetClaims.Own(context, set);
            }
        }
        finally
        {
            // Also when a pod is refused: then it is tried again, and the status says meanwhile what there is.
            WriteStatus(set, revision);
        }
    }

    private void Scale(StoredObject set, string revision)
    {
        var wanted = (int)(set.Json.Number("spec", "replicas") ?? 1);
        var oneByOne = set.Json.Text("spec", "podManagementPolicy") != "Parallel";
        var pods = PodsOf(set);
        for (var ordinal = 0; ordinal < wanted; ordinal++)
        {
            var pod = pods.GetValueOrDefault(ordinal);
            if (pod is null)
            {
                Create(set, ordinal, revision);
            }
            else if (pod.IsOver() && !pod.Deleting)
            {
                Delete(set, pod);
            }

            if (oneByOne && pod?.IsReady() != true)
            {
                return;
            }
        }

        foreach (var (_, pod) in pods.Where(pod => pod.Key >= wanted).OrderByDescending(pod => pod.Key))
        {
            if (!pod.Deleting)
            {
                Delete(set, pod);
            }

            if (oneByOne)
            {
                return;
            }
        }

        StatefulSetClaims.DropScaled(context, set, wanted);
    }

    private void Update(StoredObject set, string revision)
    {
        if (set.Json.Text("spec", "updateStrategy", "type") == "OnDelete")
        {
            return;
        }

        var partition = set.Json.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        foreach (var (ordinal, pod) in PodsOf(set).OrderByDescending(pod => pod.Key))
        {
            if (ordinal < partition)
            {
                return;
            }

            if (RevisionOf(pod) != revision && !pod.Deleting)
            {
                Delete(set, pod);
                return;
            }

            if (!pod.IsReady())
            {
                return;
            }
        }
    }

    private void Create(StoredObject set, int ordinal, string revision)
    {
        var name = $"{set.Name}-{ordinal.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            StatefulSetClaims.Create(context, set, name);
            QuotaFault.Check(context, ResourceCatalog.Pods, set, name);
            CreatePod(set, ordinal, revision, name);
        }
        catch (StatusException refusal)
        {
            var why = $"create Pod {name} in StatefulSet {set.Name} failed error: {refusal.Message}";
            context.Events.Warning(set, Component, "FailedCreate", why);
            throw;
        }
    }

    private void CreatePod(StoredObject set, int ordinal, string revision, string name)
    {
        var number = ordinal.ToString(CultureInfo.InvariantCulture);
        var pod = PodTemplates.PodOf(set);
        var metadata = pod.Ensure("metadata");
        metadata["name"] = name;
        metadata["generateName"] = $"{set.Name}-";
        var labels = metadata.Ensure("labels");
        labels["apps.kubernetes.io/pod-index"] = number;
        labels[RevisionLabel] = revision;
        labels["statefulset.kubernetes.io/pod-name"] = name;
        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        spec["subdomain"] = set.Json.Text("spec", "serviceName");
        StatefulSetClaims.Mount(set, spec, name);
        try
        {
            context.Registry.Create(ResourceCatalog.Pods, set.Namespace, pod, WriteOptions.ControllerManager);
        }
        catch (StatusException refusal)
        {
            context.Events.Warning(
                set,
                Component,
                "FailedCreate",
                $"create Pod {name} in StatefulSet {set.Name} failed error: {refusal.Message}"
            );
            throw;
        }

        context.Events.Normal(
            set,
            Component,
            "SuccessfulCreate",
            $"Create Pod {name} in StatefulSet {set.Name} successful"
        );
    }

    private void Delete(StoredObject set, StoredObject pod)
    {
        context.Registry.Delete(ResourceCatalog.Pods, pod.Namespace, pod.Name, new DeleteOptions(pod.Uid));
        context.Events.Normal(
            set,
            Component,
            "SuccessfulDelete",
            $"Delete Pod {pod.Name} in StatefulSet {set.Name} successful"
        );
    }

    private void WriteStatus(StoredObject set, string revision)
    {
        var pods = PodsOf(set).Values.ToList();
        var updated = pods.Count(pod => RevisionOf(pod) == revision && !pod.Deleting);
        var ready = pods.Count(pod => pod.IsReady());
        var settled = updated == pods.Count && ready == pods.Count;
        var current = settled ? revision : set.Json.Text("status", "currentRevision") ?? revision;
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Json.Number("metadata", "generation") ?? 0,
            ["replicas"] = pods.Count,
            ["readyReplicas"] = ready,
            ["currentReplicas"] = pods.Count(pod => RevisionOf(pod) == current && !pod.Deleting),
            ["updatedReplicas"] = updated,
            ["currentRevision"] = current,
            ["updateRevision"] = revision,
            ["collisionCount"] = 0,
            ["availableReplicas"] = ready,
        };
        context.Registry.WriteStatus(ResourceCatalog.StatefulSets, set, status);
    }

    private Dictionary<int, StoredObject> PodsOf(StoredObject set)
    {
        var pods = new Dictionary<int, StoredObject>();
        foreach (
            var pod in context
                .Store.List(ResourceCatalog.Pods, set.Namespace)
                .Objects.Where(pod => pod.IsControlledBy(set))
        )
        {
            if (
                int.TryParse(
                    pod.Name[(set.Name.Length + 1)..],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var ordinal
                )
            )
            {
                pods[ordinal] = pod;
            }
        }

        return pods;
    }

    private static string? RevisionOf(StoredObject pod) => pod.Labels.Text(RevisionLabel);
}
