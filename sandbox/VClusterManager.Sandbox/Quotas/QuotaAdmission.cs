using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Quotas;

/// <summary>Refuses what would take more than a namespace's quotas leave.</summary>
internal sealed class QuotaAdmission(ObjectStore store)
{
    private static readonly string[] MustBeSaid =
    [
        "limits.cpu",
        "limits.memory",
        "limits.ephemeral-storage",
        "requests.cpu",
        "requests.memory",
        "requests.ephemeral-storage",
        "cpu",
        "memory",
    ];

    public void Check(ResourceDefinition resource, string ns, JsonObject json)
    {
        if (!resource.Namespaced || resource == ResourceCatalog.Events)
        {
            return;
        }

        var quotas = store.List(ResourceCatalog.Quotas, ns).Objects;
        if (quotas.Count == 0)
        {
            return;
        }

        var wanted = QuotaUsage.Of(resource, json);
        foreach (var quota in quotas)
        {
            Check(resource, ns, json, quota, wanted);
        }
    }

    /// <summary>As a quota that allows nothing would.</summary>
    public static StatusException NothingLeft(ResourceDefinition resource, string name) =>
        Refusals.Forbidden(
            resource.Plural,
            resource.Group,
            name,
            $"exceeded quota: sandbox, requested: {resource.Plural}=1, used: {resource.Plural}=0, limited: {resource.Plural}=0"
        );

    private void Check(
        ResourceDefinition resource,
        string ns,
        JsonObject json,
        StoredObject quota,
        Dictionary<string, System.Numerics.BigInteger> wanted
    )
    {
        var hard = quota.Json.Object("spec", "hard") ?? [];
        var name = json.Text("metadata", "name") ?? "";
        if (resource == ResourceCatalog.Pods)
        {
            RequireAmounts(json, quota, hard, name);
        }

        var counted = hard.Select(limit => limit.Key)
            .Where(key => wanted.GetValueOrDefault(key) > 0)
            .Order(StringComparer.Ordinal)
            .ToList();
        var used = QuotaUsage.OfNamespace(store, ns, counted);
        var exceeded = counted.Where(key => used[key] + wanted[key] > (Quantities.Parse(hard.Text(key)) ?? 0)).ToList();
        if (exceeded.Count == 0)
        {
            return;
        }

        string List(Func<string, string> amount) => string.Join(',', exceeded.Select(key => $"{key}={amount(key)}"));
        throw Refusals.Forbidden(
            resource.Plural,
            resource.Group,
            name,
            $"exceeded quota: {quota.Name}, requested: {List(key => QuotaUsage.Text(key, wanted[key]))}, used: {List(key => QuotaUsage.Text(key, used[key]))}, limited: {List(key => hard.Text(key) ?? "")}"
        );
    }

    /// <summary>Where a quota counts cpu or memory, every container has to say how much it takes.</summary>
    private static void RequireAmounts(JsonObject pod, StoredObject quota, JsonObject hard, string name)
    {
        var missing = new List<string>();
        foreach (var key in MustBeSaid.Where(hard.ContainsKey))
        {
            var (kind, resource) = key.Split('.') is [var first, var second] ? (first, second) : ("requests", key);
            var without = pod.Objects("spec", "containers")
                .Where(container => container.At("resources", kind, resource) is null)
                .Select(container => container.Text("name") ?? "")
                .ToList();
            if (without.Count > 0)
            {
                missing.Add($"{key} for: {string.Join(',', without)}");
            }
        }

        if (missing.Count > 0)
        {
            throw Refusals.Forbidden(
                "pods",
                "",
                name,
                $"failed quota: {quota.Name}: must specify {string.Join("; ", missing)}"
            );
        }
    }
}
