using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Reads an entry that is a map, field by field; all that is wrong with it is reported.</summary>
internal sealed class EntryReader(RawMap map, Reading at)
{
    private readonly List<string> _known = [];

    /// <summary>Nothing was wrong so far.</summary>
    public bool IsValid { get; private set; } = true;

    public bool Has(string name) => map.Entries.TryGetValue(name, out var node) && !node.IsNull;

    public T? Find<T>(string name, KeyType<T> type)
        where T : class => TryRead(name, type, out var value) ? value : null;

    public T? FindValue<T>(string name, KeyType<T> type)
        where T : struct => TryRead(name, type, out var value) ? value : null;

    /// <summary>What it is bound to: the same fields wherever somebody is let in.</summary>
    public Limits Limits()
    {
        var limits = new Limits
        {
            Namespaces = Find("namespaces", AuthTypes.Namespaces),
            OwnClusters = FindValue("own_clusters", Types.Boolean) ?? false,
            MaxClusters = FindValue("max_clusters", Types.Integer(1, Identity.Limits.MostClusters)),
            MaxTtlHours = FindValue("max_ttl_hours", Types.Integer(1, Identity.Limits.MostTtlHours)),
        };
        return limits;
    }

    public void Refuse(string why)
    {
        at.Fail(map, why);
        IsValid = false;
    }

    /// <summary>Refuses what nobody asked for. The last thing to be called.</summary>
    public bool End()
    {
        foreach (var (name, node) in map.Entries.Where(e => !e.Value.IsNull && !_known.Contains(e.Key)))
        {
            at.Entry(name).Fail(node, $"is not known here: there are {string.Join(", ", _known)}");
            IsValid = false;
        }

        return IsValid;
    }

    /// <summary>The fields that <see cref="Limits()"/> reads, in JSON Schema.</summary>
    public static JsonObject WithLimits(JsonObject properties)
    {
        properties["namespaces"] = AuthTypes.Namespaces.Schema();
        properties["own_clusters"] = Types.Boolean.Schema();
        properties["max_clusters"] = Types.Integer(1, Identity.Limits.MostClusters).Schema();
        properties["max_ttl_hours"] = Types.Integer(1, Identity.Limits.MostTtlHours).Schema();
        return properties;
    }

    private bool TryRead<T>(string name, KeyType<T> type, out T value)
    {
        _known.Add(name);
        value = default!;
        if (!Has(name))
        {
            return false;
        }

        var read = type.TryRead(map.Entries[name], at.Entry(name), out value);
        IsValid &= read;
        return read;
    }
}
