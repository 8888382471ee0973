using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Helm;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Values;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary><c>vcluster describe</c>: the workload, the images of its configuration, and the values that were given for it.</summary>
internal sealed class DescribeVerb(VClusterCall call)
{
    private const int ShownLines = 50;

    public async Task RunAsync()
    {
        var output = call.Arguments.Text("output");
        if (output is not ("" or "json" or "yaml"))
        {
            throw new VerbException("unsupported output format: " + output);
        }

        using var client = call.Finder().Connect(call.Context);
        var cluster = await call.Finder().GetAsync(client, call.Name, call.Namespace);
        var secret = await ReadSecretAsync(client, cluster);
        var given = await ReadGivenAsync(client, cluster);
        if (call.Arguments.IsSet("config-only"))
        {
            call.Log.Data(given ?? throw new VerbException("failed to load vcluster config"));
            return;
        }

        var description = Describe(cluster, StoredConfig.Read(secret), given);
        call.Log.Data(
            output switch
            {
                "json" => description.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
                "yaml" => YamlWriter.Write(description),
                _ => Text(cluster, description, given),
            }
        );
    }

    private static async Task<JsonObject> ReadSecretAsync(KubeClient client, VirtualCluster cluster)
    {
        try
        {
            return await client.GetAsync(Kinds.Secrets.Item(cluster.Namespace, "vc-config-" + cluster.Name));
        }
        catch (KubeException exception)
        {
            throw new VerbException("failed to load the vcluster config: " + exception.Message);
        }
    }

    /// <summary>The values that helm was given, as YAML; null when there is no release.</summary>
    private static async Task<string?> ReadGivenAsync(KubeClient client, VirtualCluster cluster)
    {
        try
        {
            var selector = $"name={cluster.Name},owner=helm";
            var secrets = await client.ListAsync(Kinds.Secrets.Collection(cluster.Namespace), selector);
            var release = secrets
                .Select(HelmRelease.FromSecret)
                .OfType<HelmRelease>()
                .Where(release => release.Status is not ("superseded" or "uninstalled"))
                .MaxBy(release => release.Revision);
            return release is null ? null : YamlWriter.Write(release.Config);
        }
        catch (KubeException exception)
        {
            throw new VerbException("failed to load the user supplied vcluster.yaml: " + exception.Message);
        }
    }

    private static JsonObject Describe(VirtualCluster cluster, JsonObject config, string? given)
    {
        var description = new JsonObject
        {
            ["name"] = cluster.Name,
            ["namespace"] = cluster.Namespace,
            ["version"] = cluster.Version,
            ["backingStore"] = ConfigRules.StoreOf(config),
            ["status"] = cluster.Status,
            ["created"] = cluster.Created.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            ),
            ["imageTags"] = new JsonObject
            {
                ["apiServer"] = Image(config, "controlPlane.distro.k8s.image", ""),
                ["syncer"] = Image(config, "controlPlane.statefulSet.image", cluster.Version),
            },
        };
        foreach (var key in description.Where(pair => pair.Value?.ToString() is "").Select(pair => pair.Key).ToList())
        {
            description.Remove(key);
        }

        if (given is not null)
        {
            description["userConfigYaml"] = given;
        }

        return description;
    }

    private static string Image(JsonObject config, string path, string version)
    {
        var registry =
            ValuesTree.At(config, path + ".registry")?.ToString() is { Length: > 0 } own ? own
            : ValuesTree.At(config, "controlPlane.advanced.defaultImageRegistry")?.ToString() is { Length: > 0 } common
                ? common
            : "ghcr.io";
        var tag = ValuesTree.At(config, path + ".tag")?.ToString() is { Length: > 0 } given ? given : version;
        return $"{registry}/{ValuesTree.At(config, path + ".repository")}:{tag}";
    }

    private static string Text(VirtualCluster cluster, JsonObject description, string? given)
    {
        var created = cluster.Created.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        var text = new StringBuilder()
            .Append($"Name:           {cluster.Name}\n")
            .Append($"Namespace:      {cluster.Namespace}\n")
            .Append($"Version:        {cluster.Version}\n")
            .Append($"Backing Store:  {description["backingStore"]}\n")
            .Append($"Created:        {created}\n")
            .Append($"Status:         {cluster.Status}\n")
            .Append("Images:\n")
            .Append($"  apiServer:  {description["imageTags"]!["apiServer"]}\n")
            .Append($"  syncer:     {description["imageTags"]!["syncer"]}\n");
        if (given is null)
        {
            return text.ToString();
        }

        var lines = given.TrimEnd('\n').Split('\n');
        var cut = lines.Length > ShownLines;
        text.Append("\n------------------- vcluster.yaml -------------------\n");
        text.AppendJoin('\n', lines.Take(ShownLines)).Append('\n').Append(cut ? "... (truncated)\n" : "");
        return text.Append("-----------------------------------------------------\n")
            .Append(
                cut
                    ? "Use --config-only to retrieve the full vcluster.yaml only\n"
                    : "Use --config-only to retrieve just the vcluster.yaml\n"
            )
            .ToString();
    }
}
