using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Reference;

/// <summary>The JSON Schema of the configuration file, for editors. Draft 7 is what the YAML language server knows best.</summary>
internal static class SchemaFile
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write() => Root().ToJsonString(Indented) + "\n";

    private static JsonObject Root()
    {
        var root = Map("The configuration of vCluster Manager.");
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "vCluster Manager");
        root["type"] = new JsonArray("object", "null");
        foreach (var section in KeyTable.Sections)
        {
            var properties = Parent(root, section.Path);
            properties[LastPart(section.Path)] = Section(section);
        }

        return root;
    }

    private static JsonObject Section(KeySection section)
    {
        var map = Map(section.Doc);
        // A section all of whose entries are commented out is null, and means the defaults.
        map["type"] = new JsonArray("object", "null");
        var properties = map["properties"]!.AsObject();
        foreach (var key in section.Keys)
        {
            var schema = key.Type.Schema();
            schema["description"] = $"{key.Doc} Value: {key.Type.Words}. Variable: {key.Variable}";
            if (key.DefaultNode is { } value)
            {
                schema["default"] = RawJson.Convert(value, _ => { });
            }

            properties[key.Name] = schema;
        }

        return map;
    }

    private static JsonObject Map(string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(),
        };

    /// <summary>Where this section belongs: a section inside another comes after it.</summary>
    private static JsonObject Parent(JsonObject root, string path) =>
        path.Split('.')[..^1].Aggregate(root, (map, part) => map["properties"]![part]!.AsObject())[
            "properties"
        ]!.AsObject();

    private static string LastPart(string path) => path[(path.LastIndexOf('.') + 1)..];
}
