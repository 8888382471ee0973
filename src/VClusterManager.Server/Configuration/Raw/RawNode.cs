namespace VClusterManager.Server.Configuration.Raw;

/// <summary>Where a value was written, so that an error can say it.</summary>
/// <param name="Variable">The environment variable; <see langword="null"/>: not from the environment.</param>
/// <param name="File">The file; <see langword="null"/>: not from a file.</param>
/// <param name="Line">The line in the file, from 1.</param>
internal sealed record Origin(string? Variable, string? File, int? Line)
{
    /// <summary>The value is built in.</summary>
    public static Origin Default { get; } = new(null, null, null);
}

/// <summary>A value as it was written, before anybody asked whether it is right.</summary>
internal abstract class RawNode(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>Nothing was written: the key counts as unset, and an entry of a map as removed.</summary>
    public virtual bool IsNull => false;

    /// <summary>What it is, in words for an error.</summary>
    public abstract string Words { get; }
}

internal sealed class RawMap(OrderedDictionary<string, RawNode> entries, Origin origin) : RawNode(origin)
{
    public OrderedDictionary<string, RawNode> Entries { get; } = entries;

    public override string Words => "a map";
}

internal sealed class RawList(IReadOnlyList<RawNode> items, Origin origin) : RawNode(origin)
{
    public IReadOnlyList<RawNode> Items { get; } = items;

    public override string Words => "a list";
}
