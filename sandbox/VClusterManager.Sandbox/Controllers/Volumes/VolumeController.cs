using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Controllers.Pods;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Volumes;

/// <summary>
/// Gives claims their volumes by the storage class, keeps claims that a pod uses from going, and takes volumes away
/// with their claims.
/// </summary>
internal sealed class VolumeController(ControllerContext context) : IController
{
    public const string ClaimProtection = "kubernetes.io/pvc-protection";
    public const string StuckFinalizer = "sandbox.vcluster-manager.io/stuck";

    private const string Component = "persistentvolume-controller";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Claims)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
        else if (resource == ResourceCatalog.Pods && change.Kind == ChangeKind.Deleted)
        {
            foreach (var claim in Scheduler.ClaimsOf(change.Object.Json))
            {
                queue.Add(new WorkItem(this, change.Object.Namespace, claim));
            }
        }
        else if (resource == ResourceCatalog.StorageClasses)
        {
            foreach (
                var claim in context
                    .Store.List(ResourceCatalog.Claims)
                    .Objects.Where(claim => claim.Json.Text("status", "phase") == "Pending")
            )
            {
                queue.Add(new WorkItem(this, claim.Namespace, claim.Name));
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.Claims, ns, name) is not { } claim)
        {
            DropVolumesOf(ns, name);
            return;
        }

        SetStuck(claim);
        if (claim.Deleting)
        {
            Unprotect(claim);
        }
        else if (claim.Json.Text("status", "phase") != "Bound")
        {
            Provision(claim);
        }
    }

    private bool IsOn(string fault, StoredObject claim) =>
        context.Faults.IsOn(fault, claim.Namespace, Owners.VirtualClusterOf(claim));

    private void SetStuck(StoredObject claim)
    {
        var wanted = IsOn(FaultNames.StuckFinalizer, claim);
        if (claim.Json.Texts("metadata", "finalizers").Contains(StuckFinalizer) == wanted || (wanted && claim.Deleting))
        {
            return;
        }

        Change(
            claim,
            json =>
            {
                var others = json.Texts("metadata", "finalizers")
                    .Where(finalizer => finalizer != StuckFinalizer)
                    .ToList();
                SetFinalizers(json, wanted ? [.. others, StuckFinalizer] : others);
            }
        );
    }

    private void Unprotect(StoredObject claim)
    {
        var used = context
            .Store.List(ResourceCatalog.Pods, claim.Namespace)
            .Objects.Any(pod => Scheduler.ClaimsOf(pod.Json).Contains(claim.Name));
        if (!used && claim.Json.Texts("metadata", "finalizers").Contains(ClaimProtection))
        {
            Change(
                claim,
                json =>
                    SetFinalizers(
                        json,
                        [.. json.Texts("metadata", "finalizers").Where(finalizer => finalizer != ClaimProtection)]
                    )
            );
        }
    }

    private void Provision(StoredObject claim)
    {
        var name = claim.Json.Text("spec", "storageClassName");
        var found = name is null ? DefaultClass(claim) : context.Store.Find(ResourceCatalog.StorageClasses, "", name);
        if (found is null || IsOn(FaultNames.PendingVolume, claim))
        {
            context.Events.Normal(
                claim,
                Component,
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set"
            );
            return;
        }

        var provisioner = found.Json.Text("provisioner") ?? "";
        context.Events.Normal(
            claim,
            Component,
            "ExternalProvisioning",
            $"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
        );
        var volume = $"pvc-{claim.Uid}";
        if (context.Store.Find(ResourceCatalog.Volumes, "", volume) is null)
        {
            var made = context.Registry.Create(
                ResourceCatalog.Volumes,
                "",
                ClaimBinding.VolumeFor(claim, found, volume),
                WriteOptions.ControllerManager
            );
            var phase = new JsonObject
            {
                ["phase"] = "Bound",
                ["lastPhaseTransitionTime"] = Timestamps.Format(context.Now),
            };
            context.Registry.WriteStatus(ResourceCatalog.Volumes, made, phase);
        }

        Change(claim, json => ClaimBinding.Bind(json, found, volume));
        context.Registry.WriteStatus(ResourceCatalog.Claims, claim, ClaimBinding.BoundStatus(claim));
    }

    private StoredObject? DefaultClass(StoredObject claim) =>
        IsOn(FaultNames.PendingVolume, claim)
            ? null
            : context.Store.List(ResourceCatalog.StorageClasses).Objects.FirstOrDefault(ClaimBinding.IsDefault);

    private void DropVolumesOf(string ns, string claim)
    {
        var volumes = context.Store.List(ResourceCatalog.Volumes).Objects;
        foreach (var volume in volumes.Where(volume => ClaimBinding.IsFor(volume, ns, claim)))
        {
            // The claim of that name may be a new one with a volume of its own.
            if (volume.Json.Text("spec", "persistentVolumeReclaimPolicy") == "Delete")
            {
                context.Registry.TryDelete(ResourceCatalog.Volumes, volume, DeleteOptions.Now);
            }
            else
            {
                context.Registry.WriteStatus(
                    ResourceCatalog.Volumes,
                    volume,
                    new JsonObject { ["phase"] = "Released" }
                );
            }
        }
    }

    private void Change(StoredObject claim, Action<JsonObject> change) =>
        context.Registry.Update(
            ResourceCatalog.Claims,
            claim.Namespace,
            claim.Name,
            json =>
            {
                change(json);
                return json;
            },
            WriteOptions.ControllerManager
        );

    private static void SetFinalizers(JsonObject json, IReadOnlyList<string> finalizers) =>
        json.Ensure("metadata")["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]);
}
