using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>
/// Takes the environment apart into the raw values of keys. A key has its long variable (<c>VCM__SERVER__PORT</c>) and
/// sometimes a short one (<c>SERVER_PORT</c>); what stands behind a map's own variable names an entry in it
/// (<c>VCM__AUTH__API_KEYS__CI</c>).
/// </summary>
internal sealed class VariableKeys(ConfigurationSources sources, ConfigurationErrors errors)
{
    private readonly Dictionary<Key, RawNode> _found = [];

    /// <param name="known">The map so far, by which the names of entries are recognised whatever their case.</param>
    public Dictionary<Key, RawNode> Collect(Func<Key, RawNode?> known)
    {
        foreach (var key in KeyTable.All.Where(k => k.ShortVariable is not null))
        {
            Set(key, [], key.ShortVariable!, known);
        }

        var longOnes = sources.Environment.Keys.Where(n =>
            n.StartsWith(KeyTable.VariablePrefix, StringComparison.Ordinal)
        );
        foreach (var name in longOnes.Order(StringComparer.Ordinal))
        {
            Visit(name, known);
        }

        return _found;
    }

    private void Visit(string variable, Func<Key, RawNode?> known)
    {
        var parts = variable[KeyTable.VariablePrefix.Length..].Split("__");
        for (var length = parts.Length; length > 0; length--)
        {
            var path = string.Join('.', parts[..length]).ToLowerInvariant();
            if (KeyTable.Find(path) is { } key)
            {
                Set(key, parts[length..], variable, known);
                return;
            }
        }

        if (sources.Variable(variable) is not null)
        {
            var path = string.Join('.', parts).ToLowerInvariant();
            errors.Add(new Origin(variable, File: null, Line: null), path, FileKeys.UnknownKey(path));
        }
    }

    private void Set(Key key, string[] entry, string variable, Func<Key, RawNode?> known)
    {
        if (sources.Variable(variable) is not { } text)
        {
            return;
        }

        Origin origin = new(variable, File: null, Line: null);
        if (entry.Length == 0 && _found.TryGetValue(key, out var other) && other.Origin.Variable != variable)
        {
            errors.Add(origin, key.Path, $"is set by {other.Origin.Variable} too: set only one of them");
            return;
        }

        try
        {
            var value = key.Type.FromVariable(text, entry.Length > 0, origin);
            var whole = Wrap(value, entry, known(key), origin);
            _found[key] = _found.TryGetValue(key, out var sofar) ? RawMerge.Merge(sofar, whole) : whole;
        }
        catch (FormatException e)
        {
            errors.Add(origin, key.Path, key.Secret ? $"must be {key.Type.Words}" : e.Message);
        }
    }

    private static RawNode Wrap(RawNode value, ReadOnlySpan<string> entry, RawNode? known, Origin origin)
    {
        if (entry.IsEmpty)
        {
            return value;
        }

        var name = EntryName(entry[0], known as RawMap);
        var below = (known as RawMap)?.Entries.GetValueOrDefault(name);
        return new RawMap(new() { [name] = Wrap(value, entry[1..], below, origin) }, origin);
    }

    /// <summary>
    /// Variables are mostly written in capitals and without dots: an entry that exists is recognised by its letters and
    /// digits; a new one is taken as written, or in small letters when it is all capitals.
    /// </summary>
    private static string EntryName(string part, RawMap? known) =>
        known?.Entries.Keys.FirstOrDefault(k => Fold(k) == Fold(part))
        ?? (part.Any(char.IsLower) ? part : part.ToLowerInvariant());

    private static string Fold(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
