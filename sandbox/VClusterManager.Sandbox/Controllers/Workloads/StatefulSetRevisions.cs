using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>The history of a StatefulSet's template: one ControllerRevision each, the newest with the highest number.</summary>
internal static class StatefulSetRevisions
{
    public static void Ensure(ControllerContext context, StoredObject set, string name)
    {
        var all = context
            .Store.List(ResourceCatalog.Revisions, set.Namespace)
            .Objects.Where(revision => revision.IsControlledBy(set))
            .OrderBy(Number)
            .ToList();
        var next = all.Count == 0 ? 1 : Number(all[^1]) + 1;
        if (all.FirstOrDefault(revision => revision.Name == name) is not { } existing)
        {
            Create(context, set, name, next);
            Prune(context, set, all);
        }
        else if (Number(existing) != next - 1)
        {
            context.Registry.Update(
                ResourceCatalog.Revisions,
                set.Namespace,
                name,
                json =>
                {
                    json["revision"] = next;
                    return json;
                },
                WriteOptions.ControllerManager
            );
        }
    }

    private static void Create(ControllerContext context, StoredObject set, string name, long number)
    {
        var template = set.Json["spec"]?["template"]?.DeepClone() as JsonObject ?? [];
        template["$patch"] = "replace";
        var revision = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = JsonAccess.CopyOf(set.Json["spec"]?["selector"]?["matchLabels"]),
                ["ownerReferences"] = Owners.Controller(set),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
            ["revision"] = number,
        };
        context.Registry.Create(ResourceCatalog.Revisions, set.Namespace, revision, WriteOptions.ControllerManager);
    }

    private static void Prune(ControllerContext context, StoredObject set, List<StoredObject> old)
    {
        var limit = (int)(set.Json.Number("spec", "revisionHistoryLimit") ?? 10);
        foreach (var revision in old.Take(Math.Max(0, old.Count - limit)))
        {
            context.Registry.TryDelete(ResourceCatalog.Revisions, revision, DeleteOptions.Now);
        }
    }

    private static long Number(StoredObject revision) => revision.Json.Number("revision") ?? 0;
}
