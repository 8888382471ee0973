using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>
/// How a value is owned: whole, by members, by list items with keys, or by plain list items; and by which elements its
/// parts are addressed.
/// </summary>
internal sealed record FieldLayout(FieldForm Form, TypeShape? Type, FieldShape? Field)
{
    public static readonly FieldLayout Whole = new(FieldForm.Whole, null, null);

    /// <summary>The layout of an object; one without a known type is owned by its members all the way down.</summary>
    public static FieldLayout Of(StructShape? shape) =>
        new(
            FieldForm.Members,
            shape is null ? null : new TypeShape(TypeKind.Struct, false) { Lazy = new(() => shape) },
            null
        );

    /// <summary>The layout of a member of an object or a map.</summary>
    public FieldLayout Member(string name)
    {
        switch (Type?.Kind)
        {
            case TypeKind.Struct:
                return Type.Struct.Find(name) is { } field ? Of(field.Type, field) : Whole;
            case TypeKind.Map:
                return Of(Type.Element!, null);
            default:
                return Type is null ? new FieldLayout(FieldForm.Untyped, null, null) : Whole;
        }
    }

    /// <summary>The layout of a list item.</summary>
    public FieldLayout Item() => Form == FieldForm.KeyedItems ? Of(Type!.Element!, null) : Whole;

    /// <summary>The element that stands for a list item; null for one that lacks its keys.</summary>
    public string? ElementOf(JsonNode? item)
    {
        if (Form == FieldForm.PlainItems)
        {
            return "v:" + System.Text.Encoding.UTF8.GetString(GoJson.Compact(item));
        }

        var keys = new JsonObject();
        foreach (var key in Field!.ListKeys.Order(StringComparer.Ordinal))
        {
            if (item.At(key) is { } value)
            {
                keys[key] = value.DeepClone();
            }
            else if (key == "protocol")
            {
                keys[key] = "TCP";
            }
        }

        return keys.Count == 0 ? null : "k:" + System.Text.Encoding.UTF8.GetString(GoJson.Compact(keys));
    }

    private static FieldLayout Of(TypeShape type, FieldShape? field) =>
        type.Kind switch
        {
            TypeKind.Struct when type.Struct.Atomic && field?.Granular != true => Whole,
            TypeKind.Struct => new FieldLayout(FieldForm.Members, type, field),
            TypeKind.Map when field?.Atomic == true => Whole,
            TypeKind.Map => new FieldLayout(FieldForm.Members, type, field),
            TypeKind.List when field?.ListKeys.Count > 0 => new FieldLayout(FieldForm.KeyedItems, type, field),
            TypeKind.List when field?.Set == true => new FieldLayout(FieldForm.PlainItems, type, field),
            _ => Whole,
        };
}

internal enum FieldForm
{
    /// <summary>One value: a scalar, or a list or an object that is not divided.</summary>
    Whole,

    /// <summary>An object or a map, each member for itself.</summary>
    Members,

    KeyedItems,

    PlainItems,

    /// <summary>Nothing is known: objects by members, everything else whole.</summary>
    Untyped,
}
