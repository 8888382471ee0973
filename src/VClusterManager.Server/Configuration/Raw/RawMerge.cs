namespace VClusterManager.Server.Configuration.Raw;

internal static class RawMerge
{
    /// <summary>
    /// Lays one value over another: maps merge recursively, everything else is replaced. An entry that is null stays as
    /// null, which takes it away in the end.
    /// </summary>
    public static RawNode Merge(RawNode under, RawNode over)
    {
        if (under is not RawMap below || over is not RawMap above)
        {
            return over;
        }

        OrderedDictionary<string, RawNode> merged = new(below.Entries);
        foreach (var (name, value) in above.Entries)
        {
            merged[name] = merged.TryGetValue(name, out var old) ? Merge(old, value) : value;
        }

        return new RawMap(merged, above.Origin);
    }
}
