using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Quotas;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers;

/// <summary>Writes into each quota how much of it is used.</summary>
internal sealed class QuotaController(ControllerContext context) : IController
{
    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Quotas)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
        else if (resource.Namespaced && resource != ResourceCatalog.Events && change.Kind != ChangeKind.Modified)
        {
            foreach (var quota in context.Store.List(ResourceCatalog.Quotas, change.Object.Namespace).Objects)
            {
                queue.Add(new WorkItem(this, quota.Namespace, quota.Name));
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(ResourceCatalog.Quotas, ns, name) is not { Deleting: false } quota)
        {
            return;
        }

        var hard = quota.Json.Object("spec", "hard")?.Copy() ?? [];
        var used = new JsonObject();
        foreach (var (key, amount) in QuotaUsage.OfNamespace(context.Store, ns, [.. hard.Select(limit => limit.Key)]))
        {
            used[key] = QuotaUsage.Text(key, amount);
        }

        context.Registry.WriteStatus(
            ResourceCatalog.Quotas,
            quota,
            new JsonObject { ["hard"] = hard, ["used"] = used }
        );
    }
}
