namespace VClusterManager.Sandbox.Schema;

internal enum TypeKind
{
    String,
    Integer,
    Double,
    Boolean,
    Bytes,
    Time,
    MicroTime,
    Duration,
    Quantity,
    IntOrString,
    Any,
    Struct,
    List,
    Map,
}

/// <summary>The type of a value. <paramref name="Pointer"/> tells "not set" from "set to nothing".</summary>
internal sealed record TypeShape(TypeKind Kind, bool Pointer)
{
    /// <summary>Of lists and maps.</summary>
    public TypeShape? Element { get; init; }

    /// <summary>Of structs; resolved when first used, since types refer to each other in circles.</summary>
    public Lazy<StructShape>? Lazy { get; init; }

    public StructShape Struct => Lazy!.Value;

    public bool IsStruct => Kind == TypeKind.Struct;

    /// <summary>The type itself, where a pointer to it was meant.</summary>
    public TypeShape Pointed => Pointer ? this with { Pointer = false } : this;
}

/// <summary>A struct and its fields in the order in which the server writes them.</summary>
internal sealed class StructShape(string name, bool atomic, IReadOnlyList<FieldShape> declared)
{
    private readonly Lazy<IReadOnlyList<FieldShape>> _fields = new(() => [.. Flatten(declared)]);
    private Dictionary<string, FieldShape>? _byName;

    public string Name { get; } = name;

    /// <summary>An apply owns it whole or not at all.</summary>
    public bool Atomic { get; } = atomic;

    /// <summary>As declared: structs whose fields stand in this one are still apart.</summary>
    public IReadOnlyList<FieldShape> Declared { get; } = declared;

    /// <summary>As they appear in JSON.</summary>
    public IReadOnlyList<FieldShape> Fields => _fields.Value;

    public FieldShape? Find(string field) =>
        (_byName ??= Fields.ToDictionary(shape => shape.Name, StringComparer.Ordinal)).GetValueOrDefault(field);

    private static IEnumerable<FieldShape> Flatten(IReadOnlyList<FieldShape> declared) =>
        declared.SelectMany(field => field.Inline ? field.Type.Struct.Fields : [field]);
}

/// <summary>One field of a struct.</summary>
internal sealed record FieldShape(string Name, int Number, TypeShape Type)
{
    /// <summary>Its fields stand in the parent.</summary>
    public bool Inline { get; init; }

    public bool OmitEmpty { get; init; }

    public bool OmitZero { get; init; }

    /// <summary>Strategic merge merges the list rather than replaces it.</summary>
    public bool MergePatch { get; init; }

    /// <summary>Strategic merge drops what the patch does not retain.</summary>
    public bool RetainKeys { get; init; }

    /// <summary>What tells the items apart in a strategic merge; null for a list of plain values.</summary>
    public string? PatchKey { get; init; }

    /// <summary>What tells the items apart in an apply.</summary>
    public IReadOnlyList<string> ListKeys { get; init; } = [];

    /// <summary>A list of plain values that each stand for themselves.</summary>
    public bool Set { get; init; }

    /// <summary>An apply owns the map whole or not at all.</summary>
    public bool Atomic { get; init; }

    /// <summary>Not owned as a whole here, although its type mostly is.</summary>
    public bool Granular { get; init; }

    /// <summary>On the protobuf wire the list stands in a message of its own.</summary>
    public bool Wrapped { get; init; }
}
