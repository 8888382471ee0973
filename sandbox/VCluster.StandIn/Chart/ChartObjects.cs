using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Chart;

/// <summary>One object of the chart and the template it comes from.</summary>
internal sealed record ChartObject(string Template, JsonObject Content);

/// <summary>Everything that the chart puts on the host for one release.</summary>
internal static class ChartObjects
{
    public static List<ChartObject> All(ReleaseInput input) =>
        [
            new("config-secret.yaml", ConfigSecret(input)),
            .. Accounts.All(input),
            .. Rights.All(input),
            .. Policies.All(input),
            .. Services.All(input),
            .. DeployedEtcd.All(input),
            .. Workload.All(input),
        ];

    /// <summary>Changes with every value, so that a changed configuration makes new pods. The same bytes as the real chart hashes.</summary>
    public static string ConfigHash(JsonObject values)
    {
        var hashed = values.DeepClone().AsObject();
        (hashed["privateNodes"] as JsonObject)?.Remove("autoNodes");
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(YamlWriter.Write(hashed).TrimEnd('\n')));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static JsonObject ConfigSecret(ReleaseInput input) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = input.Metadata("vc-config-" + input.Name),
            ["type"] = "Opaque",
            ["data"] = new JsonObject
            {
                ["config.yaml"] = Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(YamlWriter.Write(input.Values).TrimEnd('\n'))
                ),
            },
        };
}
