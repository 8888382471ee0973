using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>What a workload's section may say of its pods, put in only where it says something.</summary>
internal static class PodParts
{
    public static void Add(JsonObject spec, ReleaseInput input, string section)
    {
        Put(spec, "hostAliases", input.List(section + ".hostAliases"));
        Put(spec, "securityContext", input.Map(section + ".security.podSecurityContext"));
        Put(spec, "nodeSelector", input.Map(section + ".scheduling.nodeSelector"));
        Put(spec, "affinity", input.Map(section + ".scheduling.affinity"));
        Put(spec, "tolerations", input.List(section + ".scheduling.tolerations"));
        Put(spec, "topologySpreadConstraints", input.List(section + ".scheduling.topologySpreadConstraints"));
        Put(spec, "priorityClassName", input.Text(section + ".scheduling.priorityClassName"));
        Put(spec, "dnsPolicy", input.Text(section + ".dnsPolicy"));
        Put(spec, "dnsConfig", input.Map(section + ".dnsConfig"));
        Put(spec, "runtimeClassName", input.Text(section + ".runtimeClassName"));
    }

    public static void Put(JsonObject target, string key, JsonNode node)
    {
        if (node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            target[key] = node;
        }
    }

    public static void Put(JsonObject target, string key, string text)
    {
        if (text.Length > 0)
        {
            target[key] = text;
        }
    }
}
