using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>
/// What was configured, asked for key by key. A value that is wrong is reported, and the default takes its place so that
/// the reading goes on and finds the other errors too.
/// </summary>
internal sealed class ConfigurationValues(
    Dictionary<Key, RawNode> file,
    Dictionary<Key, RawNode> variables,
    string? configFolder,
    ConfigurationSources sources,
    ConfigurationErrors errors
)
{
    public ConfigurationSources Sources { get; } = sources;

    /// <summary>A path that counts from the folder of the configuration file, whether that file is there or not.</summary>
    public string BesideConfig(string path) => Path.GetFullPath(path, configFolder ?? Sources.WorkingFolder);

    /// <summary>Somebody has set it.</summary>
    public bool IsSet(Key key) =>
        file.GetValueOrDefault(key) is { IsNull: false } || variables.GetValueOrDefault(key) is { IsNull: false };

    public bool FileExists(string path) => ReadFile(path) is not null;

    /// <summary><see langword="null"/>: it is not there, or cannot be read.</summary>
    public string? ReadFile(string path)
    {
        try
        {
            return Sources.ReadFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public T Get<T>(Key<T> key) =>
        TryGet(key, out var value)
            ? value
            : throw new InvalidOperationException($"{key.Path} has no default: ask for it as optional.");

    public T? Find<T>(Key<T> key)
        where T : class => TryGet(key, out var value) ? value : null;

    public T? FindValue<T>(Key<T> key)
        where T : struct => TryGet(key, out var value) ? value : null;

    /// <summary>Whether all of these were read without error: a rule that joins keys is only asked then.</summary>
    public bool AreValid(params ReadOnlySpan<Key> keys)
    {
        foreach (var key in keys)
        {
            if (errors.Concern(key.Path))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reports a broken rule with the place where this key was set.</summary>
    public void Fail(Key key, string message)
    {
        var node = variables.GetValueOrDefault(key) ?? file.GetValueOrDefault(key);
        errors.Add(node?.Origin ?? Origin.Default, key.Path, message);
    }

    private bool TryGet<T>(Key<T> key, out T value)
    {
        value = default!;
        var raw = Layers(key)
            .Aggregate((RawNode?)null, (under, over) => under is null ? over : RawMerge.Merge(under, over));
        return raw is not null && key.Type.TryRead(raw, ReadingOf(key), out value)
            || key.DefaultNode is { } fallback && key.Type.TryRead(fallback, ReadingOf(key), out value);
    }

    private IEnumerable<RawNode> Layers(Key key)
    {
        RawNode?[] layers = [key.DefaultNode, file.GetValueOrDefault(key), variables.GetValueOrDefault(key)];
        return layers.OfType<RawNode>().Where(n => !n.IsNull);
    }

    private Reading ReadingOf(Key key) => new(key.Path, key.Secret, configFolder, Sources, errors);
}
