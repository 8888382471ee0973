using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary>The configuration that a virtual cluster runs with, from its Secret <c>vc-config-NAME</c>.</summary>
internal static class StoredConfig
{
    /// <exception cref="VerbException">The Secret holds none.</exception>
    public static JsonObject Read(JsonObject secret)
    {
        if (secret["data"]?["config.yaml"]?.GetValue<string>() is not { } data)
        {
            var metadata = secret["metadata"]!;
            throw new VerbException(
                $"secret {metadata["name"]} in namespace {metadata["namespace"]} does not contain the expected 'config.yaml' field"
            );
        }

        return YamlReader.Read(Encoding.UTF8.GetString(Convert.FromBase64String(data))) as JsonObject ?? [];
    }
}
