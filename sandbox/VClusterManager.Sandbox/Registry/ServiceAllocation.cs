using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Registry;

/// <summary>Gives Services their addresses and node ports, and keeps them when the Service is changed.</summary>
internal static class ServiceAllocation
{
    private const string None = "None";
    private const int FirstNodePort = 30000;
    private const int LastNodePort = 32767;

    private static readonly string[] Kept = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    public static void Allocate(JsonObject service, ObjectStore store)
    {
        var spec = service.Ensure("spec");
        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        var others = store.List(ResourceCatalog.Services).Objects;
        if (string.IsNullOrEmpty(spec.Text("clusterIP")))
        {
            spec["clusterIP"] = FreeAddress([.. others.Select(other => other.Json.Text("spec", "clusterIP") ?? "")]);
        }

        spec["clusterIPs"] = new JsonArray(spec.Text("clusterIP"));
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
        if (spec.Text("type") is "NodePort" or "LoadBalancer" && spec.Text("clusterIP") != None)
        {
            AllocateNodePorts(
                spec,
                [.. others.SelectMany(other => other.Json.Objects("spec", "ports")).Select(PortOf)]
            );
        }
    }

    public static void Keep(JsonObject current, JsonObject changed)
    {
        var spec = changed.Ensure("spec");
        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        foreach (var name in Kept.Where(name => spec[name] is null or JsonArray { Count: 0 } || spec.Text(name) == ""))
        {
            spec[name] = current["spec"]?[name]?.DeepClone();
        }
    }

    private static long PortOf(JsonObject port) => port.Number("nodePort") ?? 0;

    private static void AllocateNodePorts(JsonObject spec, HashSet<long> taken)
    {
        foreach (var port in spec.Objects("ports").Where(port => PortOf(port) == 0))
        {
            long candidate;
            do
            {
                candidate = RandomNumberGenerator.GetInt32(FirstNodePort, LastNodePort + 1);
            } while (!taken.Add(candidate));

            port["nodePort"] = candidate;
        }
    }

    private static string FreeAddress(HashSet<string> taken)
    {
        string candidate;
        do
        {
            var number = RandomNumberGenerator.GetInt32(256, 65_000);
            candidate = string.Create(CultureInfo.InvariantCulture, $"10.96.{number / 256}.{number % 256}");
        } while (!taken.Add(candidate));

        return candidate;
    }
}
