using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Api.Discovering;

/// <summary>The types of a document and everything that they refer to.</summary>
internal sealed class OpenApiSchemas
{
    private const string Prefix = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    public void AddRoot(StructShape shape, ResourceDefinition resource)
    {
        Add(shape);
        var schema = _schemas[NameOf(shape)];
        var properties = (JsonObject)schema["properties"]!;
        properties.Insert(0, "apiVersion", new JsonObject { ["type"] = "string" });
        properties.Insert(1, "kind", new JsonObject { ["type"] = "string" });
        schema["x-kubernetes-group-version-kind"] = new JsonArray(OpenApiDocument.KindOf(resource));
    }

    public JsonObject ToJson() =>
        new(_schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));

    private void Add(StructShape shape)
    {
        var name = NameOf(shape);
        if (_schemas.ContainsKey(name))
        {
            return;
        }

        var properties = new JsonObject();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        _schemas[name] = schema;
        foreach (var field in shape.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            properties[field.Name] = Property(field);
        }

        if (shape.Atomic)
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }
    }

    private JsonObject Property(FieldShape field)
    {
        var property = TypeOf(field.Type);
        if (field.ListKeys.Count > 0)
        {
            property["x-kubernetes-list-map-keys"] = DiscoveryText.Array(field.ListKeys);
            property["x-kubernetes-list-type"] = "map";
        }
        else if (field.Type.Kind == TypeKind.List)
        {
            property["x-kubernetes-list-type"] = field.Set ? "set" : "atomic";
        }

        if (field.PatchKey is { } key)
        {
            property["x-kubernetes-patch-merge-key"] = key;
        }

        if (field.MergePatch || field.RetainKeys)
        {
            property["x-kubernetes-patch-strategy"] =
                field.MergePatch && field.RetainKeys ? "merge,retainKeys"
                : field.MergePatch ? "merge"
                : "retainKeys";
        }

        return property;
    }

    private JsonObject TypeOf(TypeShape type)
    {
        switch (type.Kind)
        {
            case TypeKind.Struct:
                Add(type.Struct);
                return new JsonObject
                {
                    ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = Prefix + NameOf(type.Struct) }),
                    ["default"] = new JsonObject(),
                };
            case TypeKind.List:
                return new JsonObject { ["type"] = "array", ["items"] = TypeOf(type.Element!) };
            case TypeKind.Map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = TypeOf(type.Element!) };
            default:
                return Scalar(type.Kind);
        }
    }

    private static JsonObject Scalar(TypeKind kind) =>
        kind switch
        {
            TypeKind.Integer => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            TypeKind.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
            TypeKind.Boolean => new JsonObject { ["type"] = "boolean" },
            TypeKind.Bytes => new JsonObject { ["type"] = "string", ["format"] = "byte" },
            TypeKind.Time or TypeKind.MicroTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            TypeKind.Any => new JsonObject { ["type"] = "object" },
            TypeKind.IntOrString => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
            _ => new JsonObject { ["type"] = "string" },
        };

    /// <summary>As the real documents name types: <c>io.k8s.api.apps.v1.StatefulSet</c>.</summary>
    private static string NameOf(StructShape shape)
    {
        var name = shape.Name.Replace('/', '.');
        return name.StartsWith("meta.", StringComparison.Ordinal) ? $"io.k8s.apimachinery.pkg.apis.{name}"
            : name.StartsWith("apiextensions.", StringComparison.Ordinal)
                ? $"io.k8s.apiextensions-apiserver.pkg.apis.{name}"
            : $"io.k8s.api.{name}";
    }
}
