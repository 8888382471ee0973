using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Schema;

/// <summary>
/// Reads objects as kubectl and other Go programs send them: Kubernetes' protobuf envelope around a message whose
/// fields are numbered as the types declare.
/// </summary>
internal static class ProtobufReader
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    public static bool IsProtobuf(ReadOnlySpan<byte> body) => body.StartsWith(Magic);

    /// <summary>The object in the envelope; null when its type is not known. Broken messages throw <see cref="FormatException"/>.</summary>
    public static JsonObject? Read(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> raw = [];
        var apiVersion = "";
        var kind = "";
        var reader = new Cursor(body[Magic.Length..]);
        while (reader.Next(out var number, out var wire))
        {
            switch (number)
            {
                case 1:
                    (apiVersion, kind) = ReadTypeMeta(reader.Bytes());
                    break;
                case 2:
                    raw = reader.Bytes();
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        if (ShapeOf(apiVersion, kind) is not { } shape)
        {
            return null;
        }

        var json = ReadStruct(raw, shape);
        json.Insert(0, "kind", kind);
        json.Insert(1, "apiVersion", apiVersion);
        return json;
    }

    private static StructShape? ShapeOf(string apiVersion, string kind)
    {
        if (kind == "DeleteOptions")
        {
            return ApiTypes.Get("meta/v1.DeleteOptions");
        }

        return apiVersion.Split('/') is [var group, var version]
            ? ApiTypes.Of(group, version, kind)
            : ApiTypes.Of("", apiVersion, kind);
    }

    private static (string ApiVersion, string Kind) ReadTypeMeta(ReadOnlySpan<byte> bytes)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new Cursor(bytes);
        while (reader.Next(out var number, out _))
        {
            var text = reader.Text();
            (apiVersion, kind) = number == 1 ? (text, kind) : (apiVersion, text);
        }

        return (apiVersion, kind);
    }

    private static JsonObject ReadStruct(ReadOnlySpan<byte> bytes, StructShape shape)
    {
        var json = new JsonObject();
        var reader = new Cursor(bytes);
        while (reader.Next(out var number, out var wire))
        {
            if (shape.Declared.FirstOrDefault(field => field.Number == number) is { } field)
            {
                ReadField(ref reader, field, wire, json);
            }
            else
            {
                reader.Skip(wire);
            }
        }

        return json;
    }

    private static void ReadField(ref Cursor reader, FieldShape field, int wire, JsonObject json)
    {
        if (field.Inline)
        {
            foreach (var (name, value) in ReadStruct(reader.Bytes(), field.Type.Struct))
            {
                json[name] = value?.DeepClone();
            }

            return;
        }

        switch (field.Type.Kind)
        {
            case TypeKind.List when field.Wrapped:
                json[field.Name] = ReadWrapped(reader.Bytes());
                break;
            case TypeKind.List:
                if (json[field.Name] is not JsonArray items)
                {
                    json[field.Name] = items = [];
                }

                items.Add(ReadValue(ref reader, field.Type.Element!, wire));
                break;
            case TypeKind.Map:
                ReadEntry(reader.Bytes(), field, json.Ensure(field.Name));
                break;
            default:
                json[field.Name] = ReadValue(ref reader, field.Type, wire);
                break;
        }
    }

    private static JsonArray ReadWrapped(ReadOnlySpan<byte> bytes)
    {
        var items = new JsonArray();
        var reader = new Cursor(bytes);
        while (reader.Next(out _, out _))
        {
            items.Add(reader.Text());
        }

        return items;
    }

    private static void ReadEntry(ReadOnlySpan<byte> bytes, FieldShape field, JsonObject map)
    {
        var key = "";
        JsonNode? value = null;
        var reader = new Cursor(bytes);
        while (reader.Next(out var number, out var wire))
        {
            if (number == 1)
            {
                key = reader.Text();
            }
            else
            {
                value = field.Wrapped ? ReadWrapped(reader.Bytes()) : ReadValue(ref reader, field.Type.Element!, wire);
            }
        }

        map[key] = value ?? (field.Type.Element!.Kind == TypeKind.String ? "" : null);
    }

    private static JsonNode? ReadValue(ref Cursor reader, TypeShape type, int wire) =>
        type.Kind switch
        {
            TypeKind.String => reader.Text(),
            TypeKind.Bytes => Convert.ToBase64String(reader.Bytes()),
            TypeKind.Boolean => reader.Number() != 0,
            TypeKind.Integer => wire == Varint ? reader.Number() : throw new FormatException("not a varint"),
            TypeKind.Double => wire == Fixed64 ? reader.Double() : throw new FormatException("not a double"),
            TypeKind.Time => ReadTime(reader.Bytes(), micro: false),
            TypeKind.MicroTime => ReadTime(reader.Bytes(), micro: true),
            TypeKind.Quantity => ReadText(reader.Bytes()),
            TypeKind.IntOrString => ReadIntOrString(reader.Bytes()),
            TypeKind.Struct => ReadStruct(reader.Bytes(), type.Struct),
            TypeKind.Any => ReadRaw(reader.Bytes()),
            _ => throw new FormatException($"{type.Kind} is not read from protobuf"),
        };

    private static JsonNode? ReadTime(ReadOnlySpan<byte> bytes, bool micro)
    {
        long seconds = 0;
        long nanos = 0;
        var reader = new Cursor(bytes);
        while (reader.Next(out var number, out _))
        {
            var value = reader.Number();
            (seconds, nanos) = number == 1 ? (value, nanos) : (seconds, value);
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return bytes.IsEmpty ? null
            : micro ? Timestamps.FormatMicro(time)
            : Timestamps.Format(time);
    }

    private static string ReadText(ReadOnlySpan<byte> bytes)
    {
        var reader = new Cursor(bytes);
        return reader.Next(out _, out _) ? reader.Text() : "";
    }

    private static JsonValue ReadIntOrString(ReadOnlySpan<byte> bytes)
    {
        long type = 0;
        long number = 0;
        var text = "";
        var reader = new Cursor(bytes);
        while (reader.Next(out var field, out _))
        {
            switch (field)
            {
                case 1:
                    type = reader.Number();
                    break;
                case 2:
                    number = reader.Number();
                    break;
                default:
                    text = reader.Text();
                    break;
            }
        }

        return type == 0 ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private static JsonNode? ReadRaw(ReadOnlySpan<byte> bytes)
    {
        var reader = new Cursor(bytes);
        return reader.Next(out _, out _) ? JsonNode.Parse(reader.Bytes()) : null;
    }

    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool Next(out int field, out int wire)
        {
            var tag = _rest.IsEmpty ? 0 : Number();
            (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            return tag != 0;
        }

        public long Number()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var part = Take(1)[0];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                {
                    return (long)value;
                }
            }

            throw new FormatException("a number without end");
        }

        public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

        public ReadOnlySpan<byte> Bytes() => Take(checked((int)Number()));

        public string Text() => Encoding.UTF8.GetString(Bytes());

        public void Skip(int wire)
        {
            _ = wire switch
            {
                Varint => Number(),
                Fixed64 => Take(8).Length,
                Delimited => Bytes().Length,
                Fixed32 => Take(4).Length,
                _ => throw new FormatException($"wire type {wire}"),
            };
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > _rest.Length)
            {
                throw new FormatException("the message is cut short");
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
