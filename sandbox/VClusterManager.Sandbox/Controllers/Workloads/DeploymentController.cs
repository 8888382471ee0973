using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>
/// Keeps one ReplicaSet per template of a Deployment. A new template's set is brought up in full first, then the old
/// ones are taken down; with <c>Recreate</c> it is the other way round.
/// </summary>
internal sealed class DeploymentController(ControllerContext context) : IController
{
    private const string Component = "deployment-controller";
    private const string HashLabel = "pod-template-hash";
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue) =>
        queue.AddOwner(this, ResourceCatalog.Deployments, ResourceCatalog.ReplicaSets, resource, change);

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.Deployments, ns, name) is not { Deleting: false } deployment)
        {
            return;
        }

        var hash = TemplateHash.Of(deployment.Json["spec"]?["template"]);
        var sets = SetsOf(deployment);
        var old = sets.Where(set => set.Labels.Text(HashLabel) != hash).ToList();
        var wanted = deployment.Json.Number("spec", "replicas") ?? 1;
        var recreate = deployment.Json.Text("spec", "strategy", "type") == "Recreate";
        if (recreate && old.Any(set => set.Json.Number("status", "replicas") > 0))
        {
            ScaleAll(deployment, old, 0);
        }
        else
        {
            var current =
                sets.Find(set => set.Labels.Text(HashLabel) == hash) ?? CreateSet(deployment, hash, sets, wanted);
            Scale(deployment, current, wanted);
            if (recreate || current.Json.Number("status", "readyReplicas") >= wanted || wanted == 0)
            {
                ScaleAll(deployment, old, 0);
            }
        }

        context.Registry.WriteStatus(
            ResourceCatalog.Deployments,
            deployment,
            DeploymentStatus.Of(deployment, SetsOf(deployment), hash, context.Now)
        );
    }

    private StoredObject CreateSet(StoredObject deployment, string hash, List<StoredObject> sets, long replicas)
    {
        var template = deployment.Json.Object("spec", "template")?.Copy() ?? [];
        template.Ensure("metadata").Ensure("labels")[HashLabel] = hash;
        var selector = deployment.Json.Object("spec", "selector")?.Copy() ?? [];
        selector.Ensure("matchLabels")[HashLabel] = hash;
        var number = 1 + sets.Select(RevisionOf).DefaultIfEmpty(0).Max();
        var revision = number.ToString(CultureInfo.InvariantCulture);
        var set = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["labels"] = template["metadata"]?["labels"]?.DeepClone(),
                ["annotations"] = new JsonObject { [RevisionAnnotation] = revision },
                ["ownerReferences"] = Owners.Controller(deployment),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
        var created = context.Registry.Create(
            ResourceCatalog.ReplicaSets,
            deployment.Namespace,
            set,
            WriteOptions.ControllerManager
        );
        context.Events.Normal(
            deployment,
            Component,
            "ScalingReplicaSet",
            $"Scaled up replica set {created.Name} from 0 to {replicas}"
        );
        Annotate(deployment, revision);
        return created;
    }

    private void Annotate(StoredObject deployment, string revision) =>
        context.Registry.Update(
            ResourceCatalog.Deployments,
            deployment.Namespace,
            deployment.Name,
            json =>
            {
                json.Ensure("metadata").Ensure("annotations")[RevisionAnnotation] = revision;
                return json;
            },
            WriteOptions.ControllerManager
        );

    private void ScaleAll(StoredObject deployment, List<StoredObject> sets, long replicas)
    {
        foreach (var set in sets)
        {
            Scale(deployment, set, replicas);
        }
    }

    private void Scale(StoredObject deployment, StoredObject set, long replicas)
    {
        var now = set.Json.Number("spec", "replicas") ?? 1;
        if (now == replicas)
        {
            return;
        }

        context.Registry.Update(
            ResourceCatalog.ReplicaSets,
            set.Namespace,
            set.Name,
            json =>
            {
                json.Ensure("spec")["replicas"] = replicas;
                return json;
            },
            WriteOptions.ControllerManager
        );
        var direction = replicas > now ? "up" : "down";
        context.Events.Normal(
            deployment,
            Component,
            "ScalingReplicaSet",
            $"Scaled {direction} replica set {set.Name} from {now} to {replicas}"
        );
    }

    private List<StoredObject> SetsOf(StoredObject deployment) =>
        [
            .. context
                .Store.List(ResourceCatalog.ReplicaSets, deployment.Namespace)
                .Objects.Where(set => set.IsControlledBy(deployment)),
        ];

    private static long RevisionOf(StoredObject set) =>
        long.TryParse(
            set.Json.Text("metadata", "annotations", RevisionAnnotation),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
