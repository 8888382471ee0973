using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>
/// One key: everything there is to know about it, in one place. The parser, the environment, the JSON Schema, the
/// sample file and the documentation are all derived from it.
/// </summary>
internal abstract class Key
{
    /// <summary>Its path in the YAML file: <c>server.port</c>. Set by the section that it is added to.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The last part of <see cref="Path"/>, inside its section.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in Markdown, in one or a few sentences.</summary>
    public required string Doc { get; init; }

    /// <summary>
    /// The default as YAML, read by the same rules as everything else; maps are merged over it.
    /// <see langword="null"/>: unset.
    /// </summary>
    public string? Default { get; init; }

    /// <summary>How the sample file writes <see cref="Default"/>, when it means something else there: a relative path.</summary>
    public string? SampleDefault { get; init; }

    /// <summary>What happens when it is unset, for keys without a <see cref="Default"/>.</summary>
    public string DefaultWords { get; init; } = "unset";

    /// <summary>A short name of its own; every key can be set by <see cref="KeyTable.VariableOf"/> too.</summary>
    public string? ShortVariable { get; init; }

    /// <summary>Its value never appears in an error.</summary>
    public bool Secret { get; init; }

    public abstract KeyType Type { get; }

    public string Variable => ShortVariable ?? LongVariable;

    /// <summary><c>VCM__SERVER__PORT</c></summary>
    public string LongVariable => KeyTable.LongVariableOf(Path);

    public RawNode? DefaultNode => Default is null ? null : RawText.Read(Default, Origin.Default);

    internal void JoinSection(string section) => Path = $"{section}.{Name}";
}

internal sealed class Key<T>(KeyType<T> type) : Key
{
    public override KeyType<T> Type { get; } = type;
}
