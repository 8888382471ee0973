using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>What bounds the namespace: resource quota and limit range (one asked for brings the other), and network policies.</summary>
internal static class Policies
{
    private const string Quota = "policies.resourceQuota";
    private const string Limits = "policies.limitRange";
    private const string Network = "policies.networkPolicy";

    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        var (quota, limits) = (input.Text(Quota + ".enabled"), input.Text(Limits + ".enabled"));
        var asked = quota == "true" || limits == "true";
        if (asked && limits != "false")
        {
            yield return new("limitrange.yaml", LimitRange(input));
        }

        if (asked && quota != "false")
        {
            yield return new("resourcequota.yaml", ResourceQuota(input));
        }

        if (input.IsOn(Network + ".enabled"))
        {
            yield return new("networkpolicy.yaml", NetworkPolicy(input, "vc-work-", "workload", TenantPods(input)));
            yield return new("networkpolicy.yaml", NetworkPolicy(input, "vc-cp-", "controlPlane", OwnPods(input)));
        }
    }

    private static JsonObject ResourceQuota(ReleaseInput input)
    {
        var spec = new JsonObject { ["hard"] = Quantities(input.Map(Quota + ".quota")) };
        if (input.List(Quota + ".scopeSelector.matchExpressions") is { Count: > 0 } expressions)
        {
            spec["scopeSelector"] = new JsonObject { ["matchExpressions"] = expressions };
        }

        if (input.List(Quota + ".scopes") is { Count: > 0 } scopes)
        {
            spec["scopes"] = scopes;
        }

        return Object(input, "v1", "ResourceQuota", "vc-" + input.Name, Quota, spec);
    }

    private static JsonObject LimitRange(ReleaseInput input)
    {
        var limit = new JsonObject { ["type"] = "Container" };
        foreach (var key in (string[])["default", "defaultRequest", "min", "max"])
        {
            if (input.Map($"{Limits}.{key}") is { Count: > 0 } amounts)
            {
                limit[key] = Quantities(amounts);
            }
        }

        var spec = new JsonObject { ["limits"] = new JsonArray(limit) };
        return Object(input, "v1", "LimitRange", "vc-" + input.Name, Limits, spec);
    }

    private static JsonObject NetworkPolicy(ReleaseInput input, string prefix, string side, JsonObject pods)
    {
        var spec = new JsonObject
        {
            ["podSelector"] = pods,
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = input.List($"{Network}.{side}.ingress"),
            ["egress"] = input.List($"{Network}.{side}.egress"),
        };
        return Object(input, "networking.k8s.io/v1", "NetworkPolicy", prefix + input.Name, Network, spec);
    }

    private static JsonObject TenantPods(ReleaseInput input) =>
        new() { ["matchLabels"] = new JsonObject { ["vcluster.loft.sh/managed-by"] = input.Name } };

    private static JsonObject OwnPods(ReleaseInput input) =>
        new() { ["matchLabels"] = new JsonObject { ["release"] = input.Name } };

    private static JsonObject Object(
        ReleaseInput input,
        string version,
        string kind,
        string name,
        string section,
        JsonObject spec
    ) =>
        new()
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = input.Metadata(name, section),
            ["spec"] = spec,
        };

    /// <summary>Amounts may be written as numbers; the API takes text.</summary>
    private static JsonObject Quantities(JsonObject amounts)
    {
        var texts = new JsonObject();
        foreach (var (key, value) in amounts)
        {
            texts[key] = value?.ToString();
        }

        return texts;
    }
}
