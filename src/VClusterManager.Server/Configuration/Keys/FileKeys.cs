using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Takes a file apart into the raw values of its keys, and finds what is no key.</summary>
internal static class FileKeys
{
    public static Dictionary<Key, RawNode> Collect(RawNode? root, ConfigurationErrors errors)
    {
        Dictionary<Key, RawNode> found = [];
        if (root is RawMap map)
        {
            Walk(map, "");
        }
        else if (root is { IsNull: false })
        {
            errors.Add(root.Origin, key: null, $"must be a map of sections, not {root.Words}");
        }

        return found;

        void Walk(RawMap section, string prefix)
        {
            foreach (var (name, node) in section.Entries)
            {
                Visit(prefix + name, node);
            }
        }

        void Visit(string path, RawNode node)
        {
            if (KeyTable.Find(path) is { } key)
            {
                found.Add(key, node);
            }
            else if (!KeyTable.IsSection(path))
            {
                errors.Add(node.Origin, path, UnknownKey(path));
            }
            else if (node is RawMap map)
            {
                Walk(map, path + ".");
            }
            else if (!node.IsNull)
            {
                errors.Add(node.Origin, path, $"must be a map of keys, not {node.Words}");
            }
        }
    }

    public static string UnknownKey(string path) =>
        "is not a known key" + (KeyTable.Suggest(path) is { } near ? $"; did you mean {near}?" : "");
}
