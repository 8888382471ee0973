using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>The claims that a StatefulSet makes for its pods, and what becomes of them afterwards.</summary>
internal static class StatefulSetClaims
{
    private const string Component = "statefulset-controller";

    public static void Create(ControllerContext context, StoredObject set, string pod)
    {
        foreach (var template in set.Json.Objects("spec", "volumeClaimTemplates"))
        {
            var name = $"{template.Text("metadata", "name")}-{pod}";
            if (context.Store.Find(ResourceCatalog.Claims, set.Namespace, name) is not null)
            {
                continue;
            }

            QuotaFault.Check(context, ResourceCatalog.Claims, set, name);
            var metadata = template.Object("metadata")?.Copy() ?? [];
            metadata["name"] = name;
            var labels = metadata.Ensure("labels");
            foreach (var (label, value) in set.Json.Object("spec", "selector", "matchLabels") ?? [])
            {
                labels[label] = value?.DeepClone();
            }

            var claim = new JsonObject { ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() };
            try
            {
                context.Registry.Create(ResourceCatalog.Claims, set.Namespace, claim, WriteOptions.ControllerManager);
            }
            catch (StatusException refusal)
            {
                context.Events.Warning(
                    set,
                    Component,
                    "FailedCreate",
                    $"create Claim {name} for Pod {pod} in StatefulSet {set.Name} failed error: {refusal.Message}"
                );
                throw;
            }

            context.Events.Normal(
                set,
                Component,
                "SuccessfulCreate",
                $"Create Claim {name} Pod {pod} in StatefulSet {set.Name} success"
            );
        }
    }

    public static void Mount(StoredObject set, JsonObject spec, string pod)
    {
        var templates = set
            .Json.Objects("spec", "volumeClaimTemplates")
            .Select(template => template.Text("metadata", "name") ?? "")
            .ToList();
        if (templates.Count == 0)
        {
            return;
        }

        var volumes = new JsonArray();
        foreach (var name in templates)
        {
            var source = new JsonObject { ["claimName"] = $"{name}-{pod}" };
            volumes.Add(new JsonObject { ["name"] = name, ["persistentVolumeClaim"] = source });
        }

        foreach (var volume in spec.Objects("volumes").Where(volume => !templates.Contains(volume.Text("name") ?? "")))
        {
            volumes.Add(volume.DeepClone());
        }

        spec["volumes"] = volumes;
    }

    /// <summary>Lets the claims go with the set where its retention policy says so.</summary>
    public static void Own(ControllerContext context, StoredObject set)
    {
        var goWithSet = Policy(set, "whenDeleted") == "Delete";
        foreach (var (claim, _) in ClaimsOf(context, set))
        {
            var owned = claim.Json.Objects("metadata", "ownerReferences").Any(owner => owner.Text("uid") == set.Uid);
            if (owned != goWithSet)
            {
                SetOwned(context, set, claim, goWithSet);
            }
        }
    }

    public static void DropScaled(ControllerContext context, StoredObject set, int wanted)
    {
        if (Policy(set, "whenScaled") != "Delete")
        {
            return;
        }

        foreach (
            var (claim, _) in ClaimsOf(context, set).Where(claim => claim.Ordinal >= wanted && !claim.Claim.Deleting)
        )
        {
            context.Registry.TryDelete(ResourceCatalog.Claims, claim, new DeleteOptions());
        }
    }

    private static void SetOwned(ControllerContext context, StoredObject set, StoredObject claim, bool owned) =>
        context.Registry.Update(
            ResourceCatalog.Claims,
            claim.Namespace,
            claim.Name,
            json =>
            {
                var others = json.Objects("metadata", "ownerReferences").Where(owner => owner.Text("uid") != set.Uid);
                var owners = new JsonArray([.. others.Select(owner => owner.DeepClone())]);
                if (owned)
                {
                    owners.Add(Owners.Reference(set));
                }

                json.Ensure("metadata")["ownerReferences"] = owners;
                return json;
            },
            WriteOptions.ControllerManager
        );

    private static List<(StoredObject Claim, int Ordinal)> ClaimsOf(ControllerContext context, StoredObject set)
    {
        var prefixes = set
            .Json.Objects("spec", "volumeClaimTemplates")
            .Select(template => $"{template.Text("metadata", "name")}-{set.Name}-")
            .ToList();
        var claims = new List<(StoredObject, int)>();
        if (prefixes.Count == 0)
        {
            return claims;
        }

        foreach (var claim in context.Store.List(ResourceCatalog.Claims, set.Namespace).Objects)
        {
            var prefix = prefixes.FirstOrDefault(prefix => claim.Name.StartsWith(prefix, StringComparison.Ordinal));
            if (
                prefix is not null
                && int.TryParse(
                    claim.Name[prefix.Length..],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var ordinal
                )
            )
            {
                claims.Add((claim, ordinal));
            }
        }

        return claims;
    }

    private static string? Policy(StoredObject set, string when) =>
        set.Json.Text("spec", "persistentVolumeClaimRetentionPolicy", when);
}
