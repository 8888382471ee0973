namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A map of the file whose entries are keys: <c>server</c>, <c>server.tls</c>.</summary>
/// <param name="doc">What it is about, in a sentence or two of Markdown.</param>
internal sealed class KeySection(string path, string doc)
{
    private readonly List<Key> _keys = [];

    public string Path { get; } = path;

    public string Doc { get; } = doc;

    /// <summary>In the order in which they are shown.</summary>
    public IReadOnlyList<Key> Keys => _keys;

    public Key<T> Add<T>(Key<T> key)
    {
        key.JoinSection(Path);
        _keys.Add(key);
        return key;
    }
}
