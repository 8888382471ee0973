using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Schema;

/// <summary>
/// Brings JSON into the form that it has after the server has read it into its types and written it out again:
/// fields in their order, empty ones left out or written as nothing, quantities and times in their usual spelling.
/// What is no field of the type is dropped and named.
/// </summary>
internal sealed class TypedForm
{
    private static readonly SearchValues<char> Base64Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
    );

    private readonly string _kind;

    private TypedForm(string kind) => _kind = kind;

    /// <summary>Paths that are no fields, such as <c>spec.foo</c>.</summary>
    public List<string> UnknownFields { get; } = [];

    /// <summary>The object in its form; throws <see cref="TypeMismatchException"/> for a value of a wrong type.</summary>
    public static (JsonObject Json, IReadOnlyList<string> UnknownFields) Of(JsonObject json, StructShape shape)
    {
        var form = new TypedForm(json.Text("kind") ?? shape.Name.Split('.')[^1]);
        var result = new JsonObject
        {
            ["kind"] = json["kind"]?.DeepClone(),
            ["apiVersion"] = json["apiVersion"]?.DeepClone(),
        };
        form.WriteFields(json, shape, "", result);
        return (result, form.UnknownFields);
    }

    /// <summary>The object of a type in which nothing is set.</summary>
    public static JsonObject Zero(StructShape shape)
    {
        var result = new JsonObject();
        new TypedForm("").WriteFields([], shape, "", result);
        return result;
    }

    private void WriteFields(JsonObject json, StructShape shape, string path, JsonObject result)
    {
        foreach (var field in shape.Fields)
        {
            var value = json[field.Name];
            var written =
                value is null && field.Type.Pointer ? null : Convert(value, field.Type, Join(path, field.Name));
            if (!IsLeftOut(field, value, written))
            {
                result[field.Name] = written;
            }
        }

        foreach (var (name, _) in json)
        {
            if (shape.Find(name) is null && (path.Length > 0 || name is not ("kind" or "apiVersion")))
            {
                UnknownFields.Add(Join(path, name));
            }
        }
    }

    private static bool IsLeftOut(FieldShape field, JsonNode? given, JsonNode? written)
    {
        if (field.Type.Pointer)
        {
            return given is null && field.OmitEmpty;
        }

        if (field.OmitZero && IsZero(field.Type, written))
        {
            return true;
        }

        return field.OmitEmpty
            && field.Type.Kind switch
            {
                TypeKind.Struct or TypeKind.Time or TypeKind.MicroTime or TypeKind.Duration => false,
                TypeKind.Quantity or TypeKind.IntOrString => false,
                TypeKind.List => written is null or JsonArray { Count: 0 },
                TypeKind.Map => written is null or JsonObject { Count: 0 },
                TypeKind.Any => written is null,
                _ => IsZero(field.Type, written),
            };
    }

    private static bool IsZero(TypeShape type, JsonNode? written) =>
        written switch
        {
            null => true,
            JsonObject { Count: 0 } => true,
            JsonValue value when type.Kind is TypeKind.String or TypeKind.Bytes => value.Text() is "",
            JsonValue value when type.Kind == TypeKind.Boolean => !value.Flag(),
            JsonValue value when type.Kind is TypeKind.Integer or TypeKind.Double => value.ToDouble() == 0,
            _ => false,
        };

    private JsonNode? Convert(JsonNode? value, TypeShape type, string path) =>
        type.Kind switch
        {
            TypeKind.Struct => ConvertStruct(value, type, path),
            TypeKind.List => ConvertList(value, type, path),
            TypeKind.Map => ConvertMap(value, type, path),
            TypeKind.Any => value?.DeepClone(),
            _ => ConvertScalar(value, type, path),
        };

    private JsonObject ConvertStruct(JsonNode? value, TypeShape type, string path)
    {
        var result = new JsonObject();
        var json = value switch
        {
            null => [],
            JsonObject members => members,
            _ => throw Mismatch(value, path, type.Struct.Name),
        };
        WriteFields(json, type.Struct, path, result);
        return result;
    }

    private JsonArray? ConvertList(JsonNode? value, TypeShape type, string path)
    {
        if (value is null)
        {
            return null;
        }

        var items = value as JsonArray ?? throw Mismatch(value, path, $"[]{Named(type.Element!)}");
        var result = new JsonArray();
        for (var i = 0; i < items.Count; i++)
        {
            result.Add(Convert(items[i], type.Element!, $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]"));
        }

        return result;
    }

    private JsonObject? ConvertMap(JsonNode? value, TypeShape type, string path)
    {
        if (value is null)
        {
            return null;
        }

        var members = value as JsonObject ?? throw Mismatch(value, path, $"map[string]{Named(type.Element!)}");
        var result = new JsonObject();
        foreach (var (name, member) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            result[name] = Convert(member, type.Element!, $"{path}[{name}]");
        }

        return result;
    }

    private JsonNode? ConvertScalar(JsonNode? value, TypeShape type, string path)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        return (type.Kind, kind) switch
        {
            (TypeKind.Time or TypeKind.MicroTime, JsonValueKind.Null) => null,
            (TypeKind.String or TypeKind.Bytes, JsonValueKind.Null) => "",
            (TypeKind.Boolean, JsonValueKind.Null) => false,
            (TypeKind.Integer or TypeKind.Double or TypeKind.IntOrString, JsonValueKind.Null) => 0,
            (TypeKind.Quantity, JsonValueKind.Null) => "0",
            (TypeKind.Duration, JsonValueKind.Null) => "0s",
            (TypeKind.String or TypeKind.Duration, JsonValueKind.String) => value.Text(),
            (TypeKind.Bytes, JsonValueKind.String) => CheckBase64(value.Text()!),
            (TypeKind.Time, JsonValueKind.String) => ConvertTime(value.Text()!, micro: false),
            (TypeKind.MicroTime, JsonValueKind.String) => ConvertTime(value.Text()!, micro: true),
            (TypeKind.Boolean, JsonValueKind.True or JsonValueKind.False) => value.Flag(),
            (TypeKind.Integer, JsonValueKind.Number) => ConvertInteger((JsonValue)value!, path),
            (TypeKind.Double, JsonValueKind.Number) => ((JsonValue)value!).ToDouble(),
            (TypeKind.Quantity, JsonValueKind.String) => ConvertQuantity(value.Text()!),
            (TypeKind.Quantity, JsonValueKind.Number) => Quantities.Canonical(value!.ToJsonString()),
            (TypeKind.IntOrString, JsonValueKind.String) => value.Text(),
            (TypeKind.IntOrString, JsonValueKind.Number) => ConvertInteger((JsonValue)value!, path),
            _ => throw Mismatch(value, path, Named(type)),
        };
    }

    private static string ConvertQuantity(string text) =>
        Quantities.Parse(text) is not null
            ? Quantities.Canonical(text)
            : throw new TypeMismatchException(
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            );

    private static string CheckBase64(string text)
    {
        if (Base64.IsValid(text))
        {
            return text;
        }

        var at = text.AsSpan().IndexOfAnyExcept(Base64Characters);
        throw new TypeMismatchException($"illegal base64 data at input byte {(at < 0 ? text.Length : at)}");
    }

    private static JsonNode? ConvertTime(string text, bool micro)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var time =
            Timestamps.Parse(text)
            ?? throw new TypeMismatchException(
                $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\""
            );
        return micro ? Timestamps.FormatMicro(time) : Timestamps.Format(time);
    }

    private JsonNode ConvertInteger(JsonValue value, string path)
    {
        var number = value.ToDouble();
        return number == Math.Truncate(number)
            ? (long)number
            : throw new TypeMismatchException(
                $"json: cannot unmarshal number {value.ToJsonString()} into Go struct field {GoField(path)} of type int32"
            );
    }

    private TypeMismatchException Mismatch(JsonNode? value, string path, string type)
    {
        var found = value?.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        };
        return new($"json: cannot unmarshal {found} into Go struct field {GoField(path)} of type {type}");
    }

    /// <summary>As Go names it: the outermost type, then the path without indexes.</summary>
    private string GoField(string path) =>
        $"{_kind}.{string.Join('.', path.Split('.').Select(part => part.Split('[')[0]))}";

    private static string Named(TypeShape type) =>
        type.Kind switch
        {
            TypeKind.Struct => GoName(type.Struct.Name),
            TypeKind.List => $"[]{Named(type.Element!)}",
            TypeKind.Map => $"map[string]{Named(type.Element!)}",
            TypeKind.Integer => "int32",
            TypeKind.Boolean => "bool",
            TypeKind.Double => "float64",
            _ => "string",
        };

    private static string GoName(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

/// <summary>A value that does not fit its field's type, in the words of Go's decoder.</summary>
internal sealed class TypeMismatchException(string message) : Exception(message);
