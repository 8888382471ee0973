using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Kubernetes;

/// <summary>
/// The kubeconfig as it lies on disk: <c>$KUBECONFIG</c> (several files merge, the first one that says a thing wins), else
/// <c>~/.kube/config</c>. Paths in it are made absolute while reading, since they count from its folder.
/// </summary>
internal sealed class KubeConfigFile
{
    private static readonly string[] PathKeys =
    [
        "certificate-authority",
        "client-certificate",
        "client-key",
        "tokenFile",
    ];

    private readonly string _path;

    private KubeConfigFile(string path, JsonObject root) => (_path, Root) = (path, root);

    public JsonObject Root { get; }

    public string CurrentContext
    {
        get => Root["current-context"]?.ToString() ?? "";
        set => Root["current-context"] = value;
    }

    /// <summary>Nothing at all was found: no file, or empty ones.</summary>
    public bool IsEmpty => Entries("clusters").Count == 0 && Entries("contexts").Count == 0;

    public static KubeConfigFile Load(string home)
    {
        var variable = Environment.GetEnvironmentVariable("KUBECONFIG");
        string[] paths = string.IsNullOrEmpty(variable)
            ? [Path.Combine(home, ".kube", "config")]
            : variable.Split(':', StringSplitOptions.RemoveEmptyEntries);
        var merged = new JsonObject();
        foreach (var path in paths.Where(File.Exists))
        {
            Merge(merged, Read(path));
        }

        return new KubeConfigFile(paths.FirstOrDefault(File.Exists) ?? paths[0], merged);
    }

    /// <summary>A kubeconfig that lies on no disk.</summary>
    public static KubeConfigFile From(JsonObject root) => new("", root);

    public static KubeConfigFile LoadFrom(string path) => new(path, Read(path));

    /// <summary>The named entries of <c>clusters</c>, <c>contexts</c> or <c>users</c>.</summary>
    public JsonArray Entries(string list)
    {
        if (Root[list] is not JsonArray entries)
        {
            Root[list] = entries = [];
        }

        return entries;
    }

    public JsonObject? Find(string list, string name) =>
        Entries(list).OfType<JsonObject>().FirstOrDefault(entry => entry["name"]?.ToString() == name)?[list[..^1]]
        as JsonObject;

    public void Put(string list, string name, JsonObject value)
    {
        Remove(list, name);
        Entries(list).Add(new JsonObject { ["name"] = name, [list[..^1]] = value });
    }

    public void Remove(string list, string name)
    {
        var entries = Entries(list);
        foreach (var entry in entries.Where(entry => entry?["name"]?.ToString() == name).ToList())
        {
            entries.Remove(entry);
        }
    }

    /// <summary>The whole as YAML, with another context in force.</summary>
    public string Text(string context)
    {
        var copy = Root.DeepClone().AsObject();
        copy["apiVersion"] ??= "v1";
        copy["kind"] ??= "Config";
        copy["current-context"] = context;
        return YamlWriter.Write(copy);
    }

    public void Save() => File.WriteAllText(_path, Text(CurrentContext));

    private static JsonObject Read(string path)
    {
        var root = YamlReader.Read(File.ReadAllText(path)) as JsonObject ?? [];
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var list in (string[])["clusters", "users"])
        {
            foreach (var entry in (root[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                MakeAbsolute(entry[list[..^1]] as JsonObject ?? [], folder);
            }
        }

        return root;
    }

    private static void MakeAbsolute(JsonObject entry, string folder)
    {
        foreach (var key in PathKeys)
        {
            if (entry[key]?.ToString() is { Length: > 0 } value)
            {
                entry[key] = Path.GetFullPath(value, folder);
            }
        }
    }

    private static void Merge(JsonObject merged, JsonObject next)
    {
        foreach (var (key, value) in next.ToList())
        {
            if (merged[key] is JsonArray known && value is JsonArray more)
            {
                foreach (var entry in more.OfType<JsonObject>())
                {
                    var name = entry["name"]?.ToString();
                    if (!known.Any(have => have?["name"]?.ToString() == name))
                    {
                        known.Add(entry.DeepClone());
                    }
                }
            }
            else if (merged[key] is null or JsonValue && string.IsNullOrEmpty(merged[key]?.ToString()))
            {
                merged[key] = value?.DeepClone();
            }
        }
    }
}
