using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Chart;

/// <summary>
/// The chart as the file that helm takes. Its templates hold the finished objects and nothing to compute: helm, the real
/// one or the stand-in, only names, orders and applies them.
/// </summary>
internal sealed record ChartArchive(JsonObject Metadata, JsonObject Values, List<(string Name, string Text)> Templates)
{
    private const string Folder = ReleaseInput.ChartName + "/";
    private const string Action = "{{";
    private const string EscapedAction = "{{ \"{{\" }}";

    /// <summary>The chart for one release.</summary>
    public static ChartArchive For(ReleaseInput input, JsonObject defaults)
    {
        var metadata = new JsonObject
        {
            ["apiVersion"] = "v2",
            ["name"] = ReleaseInput.ChartName,
            ["version"] = ReleaseInput.ChartVersion,
            ["type"] = "application",
            ["description"] = "vcluster - Virtual Kubernetes Clusters",
        };
        var templates = ChartObjects
            .All(input)
            .GroupBy(item => item.Template)
            .Select(group =>
                ("templates/" + group.Key, string.Join("---\n", group.Select(item => Template(item.Content))))
            )
            .ToList();
        return new ChartArchive(metadata, defaults, templates);
    }

    public void Save(string path)
    {
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        Add(tar, "Chart.yaml", YamlWriter.Write(Metadata));
        Add(tar, "values.yaml", Values.ToJsonString());
        foreach (var (name, text) in Templates)
        {
            Add(tar, name, text);
        }
    }

    /// <exception cref="InvalidDataException">It is not a chart, or one whose templates have something to compute.</exception>
    public static ChartArchive Load(string path)
    {
        JsonObject? metadata = null;
        JsonObject values = [];
        var templates = new List<(string, string)>();
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null, Encoding.UTF8);
            var (name, text) = (
                entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..],
                reader.ReadToEnd()
            );
            if (name == "Chart.yaml")
            {
                metadata = YamlReader.Read(text) as JsonObject;
            }
            else if (name == "values.yaml")
            {
                values = (text.StartsWith('{') ? JsonNode.Parse(text) : YamlReader.Read(text)) as JsonObject ?? [];
            }
            else if (name.StartsWith("templates/", StringComparison.Ordinal))
            {
                templates.Add((name, text));
            }
        }

        return new ChartArchive(
            metadata ?? throw new InvalidDataException("Chart.yaml file is missing"),
            values,
            templates
        );
    }

    /// <summary>What a template stands for, where it holds nothing but escaped braces.</summary>
    /// <exception cref="InvalidDataException">It holds an action.</exception>
    public static string Render(string template)
    {
        var text = template.Replace(EscapedAction, "\0", StringComparison.Ordinal);
        return text.Contains(Action, StringComparison.Ordinal)
            ? throw new InvalidDataException(
                "the stand-in helm renders no templates, only charts that the stand-in vcluster made"
            )
            : text.Replace("\0", Action, StringComparison.Ordinal);
    }

    private static string Template(JsonObject content) =>
        YamlWriter.Write(content).Replace(Action, EscapedAction, StringComparison.Ordinal);

    private static void Add(TarWriter tar, string name, string text)
    {
        var entry = new UstarTarEntry(TarEntryType.RegularFile, Folder + name)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        };
        tar.WriteEntry(entry);
    }
}
