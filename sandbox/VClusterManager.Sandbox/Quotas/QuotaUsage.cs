using System.Numerics;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Quotas;

/// <summary>What one object, or all of a namespace, takes of what quotas count. Amounts are in billionths.</summary>
internal static class QuotaUsage
{
    private const long One = 1_000_000_000;

    private static readonly string[] Computed = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>The names that quotas give to what an object takes, with the amounts.</summary>
    public static Dictionary<string, BigInteger> Of(ResourceDefinition resource, JsonObject json)
    {
        var usage = new Dictionary<string, BigInteger>(StringComparer.Ordinal)
        {
            [$"count/{resource.GroupResource}"] = One,
        };
        switch (resource.Plural)
        {
            case "pods" when json.Text("status", "phase") is not ("Succeeded" or "Failed"):
                usage["pods"] = One;
                AddPod(usage, json);
                break;
            case "persistentvolumeclaims":
                usage["persistentvolumeclaims"] = One;
                usage["requests.storage"] =
                    Quantities.Parse(json.Text("spec", "resources", "requests", "storage")) ?? 0;
                break;
            case "services":
                AddService(usage, json);
                break;
            case "secrets" or "configmaps" or "resourcequotas" or "replicationcontrollers":
                usage[resource.Plural] = One;
                break;
        }

        return usage;
    }

    /// <summary>What everything in a namespace takes of the named things.</summary>
    public static Dictionary<string, BigInteger> OfNamespace(
        ObjectStore store,
        string ns,
        IReadOnlyCollection<string> names
    )
    {
        var total = names.ToDictionary(name => name, _ => BigInteger.Zero, StringComparer.Ordinal);
        foreach (
            var resource in ResourceCatalog.InStore.Where(resource => resource.Namespaced && Counts(resource, names))
        )
        {
            foreach (var stored in store.List(resource, ns).Objects)
            {
                foreach (var (name, amount) in Of(resource, stored.Json).Where(part => total.ContainsKey(part.Key)))
                {
                    total[name] += amount;
                }
            }
        }

        return total;
    }

    /// <summary>The amount as the API writes it.</summary>
    public static string Text(string name, BigInteger amount)
    {
        var binary =
            name.Contains("memory", StringComparison.Ordinal) || name.Contains("storage", StringComparison.Ordinal);
        var whole = amount / One;
        return binary && whole > 0 && whole % 1024 == 0 ? Quantities.Canonical($"{whole / 1024}Ki")
            : amount % One == 0 ? $"{whole}"
            : Quantities.Canonical($"{amount / 1_000_000}m");
    }

    private static bool Counts(ResourceDefinition resource, IReadOnlyCollection<string> names) =>
        resource.Plural
            is "pods"
                or "persistentvolumeclaims"
                or "services"
                or "secrets"
                or "configmaps"
                or "resourcequotas"
        || names.Contains($"count/{resource.GroupResource}");

    private static void AddPod(Dictionary<string, BigInteger> usage, JsonObject pod)
    {
        foreach (var name in Computed)
        {
            foreach (var kind in new[] { "requests", "limits" })
            {
                var running = pod.Objects("spec", "containers")
                    .Aggregate(BigInteger.Zero, (sum, container) => sum + Amount(container, kind, name));
                var starting = pod.Objects("spec", "initContainers").Select(container => Amount(container, kind, name));
                usage[$"{kind}.{name}"] = starting.Append(running).Max();
            }

            usage[name] = usage[$"requests.{name}"];
        }
    }

    private static BigInteger Amount(JsonObject container, string kind, string name) =>
        Quantities.Parse(container.Text("resources", kind, name)) ?? 0;

    private static void AddService(Dictionary<string, BigInteger> usage, JsonObject service)
    {
        usage["services"] = One;
        var ports = service.Array("spec", "ports")?.Count ?? 0;
        usage["services.nodeports"] = service.Text("spec", "type") is "NodePort" or "LoadBalancer"
            ? ports * (BigInteger)One
            : 0;
        usage["services.loadbalancers"] = service.Text("spec", "type") == "LoadBalancer" ? One : 0;
    }
}
